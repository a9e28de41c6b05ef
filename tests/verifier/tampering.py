"""A bundle taken apart and packed anew: carelessly, or by one who writes the list of files anew too."""

import hashlib
import io
import json
import re
from pathlib import Path

from documents.manifest import canonical
from verifier.bundle.container import Reader, Writer


def take_apart(path):
    with Path(path).open("rb") as source:
        reader = Reader(source)
        return {name: reader.read(name, 10**9) for name in reader.entries}


def pack(files, target):
    with Path(target).open("w+b") as file:
        writer = Writer(file)
        for name, content in files.items():
            writer.add(name, io.BytesIO(content))
        writer.close()
    return Path(target)


def list_anew(files):
    """What a forger would do who knows the format: every hash fits again. The log knows the old list."""
    manifest = json.loads(files["manifest.json"])
    lines = [line for line in manifest["files"] if line["path"] in files]
    for line in lines:
        content = files[line["path"]]
        line["sha256"], line["size"] = hashlib.sha256(content).hexdigest(), len(content)
    known = {line["path"] for line in lines}
    for name in sorted(files):
        if name not in known and not name.startswith("manifest."):
            content = files[name]
            lines.append(
                {
                    "path": name,
                    "kind": "other",
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "size": len(content),
                }
            )
    return {**files, "manifest.json": canonical({**manifest, "files": lines}).encode()}


def change_json(files, name, change):
    value = json.loads(files[name])
    change(value)
    return {**files, name: canonical(value).encode()}


def find(files, pattern, holding=""):
    return next(
        name for name in sorted(files) if re.fullmatch(pattern, name) and holding.encode() in files[name]
    )
