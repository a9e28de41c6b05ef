"""Notes as a browser hands them in: sealed, with a wrapped key."""

import base64

from django.db import transaction

from documents import actions as papers
from documents.models import DocumentVersion
from reading.actions import notes as actions
from reading.models import Note


def code(length=64, letter=b"x"):
    return base64.b64encode(letter * length).decode()


def sealed(letter=b"x", length=272):
    return {"iv": code(12), "data": code(length, letter)}


WRAPPED = {"iv": code(12), "data": code(48)}
LOCK = {**WRAPPED, "salt": code(16)}
LOCKS = [
    {**LOCK, "kind": "passphrase", "kdf": "PBKDF2-SHA256", "iterations": 600_000},
    {**LOCK, "kind": "code", "kdf": "HKDF-SHA256", "iterations": 0},
]
PUBLIC = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "B" * 43}
KEY = {"revision": 0, "public_key": PUBLIC, "private_key": WRAPPED, "locks": LOCKS}


def add_version(document, number=1, **fields):
    return DocumentVersion.objects.create(
        document=document,
        number=number,
        file_name="to-trinh.pdf",
        sha256=f"{document.pk:032}{number:032}",
        size=1,
        pages=3,
        work_state="done",
        **fields,
    )


def give(version, *people):
    with transaction.atomic():
        papers.distribute_version(version, by=version.test_secretary, to=people, because="test")


def make_note(owner, version, **fields):
    return Note.objects.create(owner=owner, version=version, sealed=sealed(), key=WRAPPED, **fields)


def set_up(person):
    return actions.keep_notes_key(
        person, by=person, revision=0, locks=LOCKS, public_key=PUBLIC, private_key=WRAPPED
    )
