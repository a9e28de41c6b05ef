"""`verify_pdf` on the command line: no database, no network, an answer for every file."""

import json
from base64 import encodebytes
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from signatures.demonstration import make_revocation_list
from tests.signatures import samples
from tests.signatures.samples import DAY, NOW, pki, signed


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Papers, and the trust of the office in files as they come: PEM, DER, several in one."""
    monkeypatch.setenv("RUN_FROM", str(tmp_path))
    (tmp_path / "good.pdf").write_bytes(signed())
    (tmp_path / "changed.pdf").write_bytes(samples.append_revision(signed(), samples.draw_over_page))
    (tmp_path / "unsigned.pdf").write_bytes(samples.paper())
    (tmp_path / "none.pdf").write_bytes(b"")
    (tmp_path / "anchor.der").write_bytes(pki().root.der)
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "both.pem").write_bytes(b"".join(armour("X509 CRL", item) for item in lists()))
    (tmp_path / "chain.pem").write_bytes(armour("CERTIFICATE", pki().root.der, pki().issuer.der))
    return tmp_path


def lists():
    return [
        make_revocation_list(authority, NOW - DAY, until=NOW + DAY)
        for authority in (pki().issuer, pki().root)
    ]


def armour(kind: str, *items: bytes) -> bytes:
    return b"".join(
        b"-----BEGIN %s-----\n%s-----END %s-----\n" % (kind.encode(), encodebytes(item), kind.encode())
        for item in items
    )


def verify(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("verify_pdf", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


TRUST = ["--anchor", "anchor.der", "--intermediate", "chain.pem", "--crl", "lists", "--at", "2026-06-01"]


def test_one_line_for_each_file_in_their_order(folder):
    names = ["good.pdf", "changed.pdf", "missing.pdf", "unsigned.pdf", "none.pdf"]
    out, err = verify("--json", *names, *TRUST)
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["file"] for record in records] == names
    assert [record["verdict"] for record in records] == [
        "valid",
        "invalid",
        "unverifiable",
        "unsigned",
        "unverifiable",
    ]
    assert not err
    (found,) = records[0]["signatures"]
    assert found["indication"] == "TOTAL-PASSED"
    assert (found["signer"], found["level"], found["digest_algorithm"]) == ("Nguyễn Hữu Đức", "B-T", "sha256")
    assert found["timestamp"]["time"] == "2026-03-01T08:00:00+00:00"
    (changed,) = records[1]["signatures"]
    assert (changed["indication"], changed["changes_after"]) == ("TOTAL-FAILED", "suspicious")
    assert records[2]["error"].startswith("FileNotFoundError")
    assert records[4]["error"] == "empty"


def test_without_trust_nothing_is_valid_and_words_say_what_to_do(folder):
    out, _ = verify("good.pdf", "--at", "2026-06-01T00:00:00Z")
    assert "chưa" in out and "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND (B-T)" in out


def test_trust_that_cannot_serve_is_told_and_serves_nobody(folder):
    (folder / "noise.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n")
    (folder / "minister.der").write_bytes(samples.minister().der)
    out, err = verify("--json", "good.pdf", "--anchor", "noise.pem", "minister.der", "nowhere.pem")
    assert json.loads(out)["verdict"] == "undecided"
    assert [word in err for word in ("noise.pem", "minister.der", "nowhere.pem")] == [True] * 3


def test_nonsense_for_a_time_is_refused():
    with pytest.raises(CommandError, match="not a time"):
        verify("x.pdf", "--at", "yesterday")
