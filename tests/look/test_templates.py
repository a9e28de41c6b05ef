"""Pages are made of components, and nothing in them breaks the content security policy."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
ICONS = (settings.BASE_DIR / "ecabinet/static/ecabinet/vendor/lucide/icons.svg").read_text()
PAGES = sorted(
    path
    for path in TEMPLATES.rglob("*.html")
    if path.relative_to(TEMPLATES).parts[0] not in {"pdf", "mail"} and "email" not in path.parts
)
MADE_OF_COMPONENTS = [path for path in PAGES if "components" not in path.parts and path.name != "500.html"]
INLINE = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style\b|javascript:|<script(?![^>]*(?:\bsrc=|application/json))""",
    re.I,
)
CLASSES = re.compile(r'<(?!c-)[a-z][^<>]*\sclass="([^"]*)"')
OF_COMPONENTS = {"btn", "alert", "badge", "button", "tag", "notice", "error-summary"}
ICON = re.compile(r'<c-icon name="([a-z0-9-]+)"|\b(?:icon|after)="([a-z0-9-]+)"')


def name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_inline_style_or_script(path):
    assert not INLINE.search(path.read_text())


@pytest.mark.parametrize("path", MADE_OF_COMPONENTS, ids=name)
def test_buttons_tags_and_notices_come_from_components(path):
    used = {word for classes in CLASSES.findall(path.read_text()) for word in classes.split()}
    assert not used & OF_COMPONENTS


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_icon_is_in_the_sprite(path):
    for found in ICON.finditer(path.read_text()):
        icon = found.group(1) or found.group(2)
        assert f'<symbol id="{icon}"' in ICONS, icon
