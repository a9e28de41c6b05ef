#!/usr/bin/env python3
"""Copies the third-party files that the product serves from node_modules to static/ecabinet/vendor.

Run `npm ci --ignore-scripts --omit=optional` in this folder first. What is not in PACKAGES is not served;
manifest.json names each file with its version, licence and SHA-256. A new run changes nothing.
"""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
SERVED = HERE.parent / "ecabinet" / "static" / "ecabinet" / "vendor"
VENDOR = HERE / "new"  # takes the place of what is served only when it is whole

SUBSETS = ("latin", "latin-ext", "vietnamese")

# package: (folder, licence files, {pattern in the package: folder below})
PACKAGES = {
    "bootstrap": (
        "bootstrap",
        ["LICENSE"],
        {},
    ),
    "htmx.org": ("htmx", ["LICENSE"], {"dist/htmx.min.js": "."}),
    "pdfjs-dist": (
        "pdfjs",
        ["LICENSE"],
        {
            "legacy/build/pdf.min.mjs": ".",
            "legacy/build/pdf.worker.min.mjs": ".",
            "legacy/web/pdf_viewer.mjs": ".",
            "cmaps/*": "cmaps",
            "standard_fonts/*": "standard_fonts",
            "wasm/*_nowasm_fallback.js": "wasm",
            "wasm/LICENSE*": "wasm",
        },
    ),
    "@fontsource/be-vietnam-pro": (
        "be-vietnam-pro",
        ["LICENSE"],
        {f"files/be-vietnam-pro-{s}-{w}-normal.woff2": "." for s in SUBSETS for w in (400, 600, 700)},
    ),
    "@fontsource/tinos": (
        "tinos",
        ["LICENSE"],
        {
            f"files/tinos-{s}-{w}-{i}.woff2": "."
            for s in SUBSETS
            for w in (400, 700)
            for i in ("normal", "italic")
        },
    ),
}

# Of Bootstrap only the ground and the helpers are served, as one file; buttons and the like are our own.
BOOTSTRAP = ("bootstrap-reboot.min.css", "bootstrap-utilities.min.css")

# Bundled into one classic script, key-file.js says what for; these are in it.
BUNDLED = ("pkijs", "asn1js", "bytestreamjs", "@peculiar/utils", "@noble/hashes")

# One a line; drawn as one sprite: <svg><use href="icons.svg#NAME"></svg>.
ICONS = (HERE / "icons.txt").read_text().split()

SOURCE_MAP = re.compile(rb"\n?(?:/\*|//)# sourceMappingURL=\S+(?:\s*\*/)?\s*$")


def served(source: Path) -> bytes:
    """The content without the note of its source map, which is not served."""
    content = source.read_bytes()
    return SOURCE_MAP.sub(b"\n", content) if source.suffix in {".css", ".js", ".mjs"} else content


def written(content: bytes, target: Path) -> str:
    """Writes one file and returns its SHA-256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def bootstrap() -> bytes:
    return b"".join(served(MODULES / "bootstrap" / "dist" / "css" / name) for name in BOOTSTRAP)


def sprite() -> str:
    symbols = []
    for name in sorted(ICONS):
        drawing = (MODULES / "lucide-static" / "icons" / f"{name}.svg").read_text()
        inner = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.S).group(1)
        inner = re.sub(r"\s+", " ", inner).strip()
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def bundle() -> bytes:
    options = "--bundle --format=iife --minify --legal-comments=none --target=es2022".split()
    command = [MODULES / "esbuild-wasm" / "bin" / "esbuild", HERE / "key-file.js", *options]
    return subprocess.run(command, cwd=HERE, capture_output=True, check=True).stdout


def described(name: str) -> dict:
    package = json.loads((MODULES / name / "package.json").read_text())
    return {"name": name, "version": package["version"], "licence": package["license"]}


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    manifest = []
    for name, (folder, licences, patterns) in PACKAGES.items():
        files = {}
        for pattern, below in {**patterns, **dict.fromkeys(licences, ".")}.items():
            found = sorted((MODULES / name).glob(pattern))
            if not found:
                raise SystemExit(f"{name} has no {pattern}")
            for source in found:
                target = VENDOR / folder / below / source.name
                files[str(target.relative_to(VENDOR))] = written(served(source), target)
        if folder == "bootstrap":
            files["bootstrap/bootstrap.css"] = written(bootstrap(), VENDOR / folder / "bootstrap.css")
        manifest.append({**described(name), "files": dict(sorted(files.items()))})

    files = {
        "lucide/LICENSE": written(
            served(MODULES / "lucide-static" / "LICENSE"), VENDOR / "lucide" / "LICENSE"
        ),
        "lucide/icons.svg": written(sprite().encode(), VENDOR / "lucide" / "icons.svg"),
    }
    manifest.append({**described("lucide-static"), "files": files})
    script = written(bundle(), VENDOR / "pkijs" / "key-file.js")
    for name in BUNDLED:
        licence = VENDOR / "pkijs" / f"LICENSE.{name.replace('/', '-').removeprefix('@')}"
        kept = written(served(MODULES / name / "LICENSE"), licence)
        files = {"pkijs/key-file.js": script, str(licence.relative_to(VENDOR)): kept}
        manifest.append({**described(name), "files": files})
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    shutil.rmtree(SERVED, ignore_errors=True)
    VENDOR.rename(SERVED)


if __name__ == "__main__":
    main()
