"""What is served of other people's work is what the manifest names, with its licence."""

import hashlib
import json

import pytest
from django.conf import settings

VENDOR = settings.BASE_DIR / "ecabinet" / "static" / "ecabinet" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())
LIMIT = 8 * 1024 * 1024


@pytest.mark.parametrize("package", MANIFEST, ids=lambda package: package["name"])
def test_each_package_has_its_version_its_licence_and_its_hashes(package):
    locked = json.loads((settings.BASE_DIR / "assets" / "package-lock.json").read_text())["packages"]
    assert package["version"] == locked[f"node_modules/{package['name']}"]["version"]
    assert package["licence"]
    assert any("LICENSE" in name for name in package["files"])
    for name, digest in package["files"].items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_nothing_is_served_that_the_manifest_does_not_name():
    named = {name for package in MANIFEST for name in package["files"]} | {"manifest.json"}
    assert {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} == named


def test_it_stays_small():
    assert sum(path.stat().st_size for path in VENDOR.rglob("*") if path.is_file()) <= LIMIT


def test_the_lock_names_no_server():
    assert "resolved" not in (settings.BASE_DIR / "assets" / "package-lock.json").read_text()
