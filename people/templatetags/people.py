"""Words for what a browser says about itself."""

import re

from django import template
from django.utils.translation import gettext as _

register = template.Library()

Marks = tuple[tuple[str, str], ...]
BROWSERS: Marks = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Marks = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def device(user_agent: str) -> str:
    """`Chrome, iPad`: enough to tell one's devices apart."""
    found = [
        next((name for mark, name in table if re.search(mark, user_agent)), "")
        for table in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or _("Unknown device")
