"""Whose key is whose: claimed with a proof, confirmed by an administrator, ended."""

import base64
from datetime import timedelta
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image, ImageDraw

from audit.models import AuditEvent
from core import clock
from core.workflow import Conflict
from notifications.models import Notification
from signatures import actions, rules
from signatures.keys.certificates import (
    UnfitCertificate,
    compare_names,
    find_trusted_issuer,
    read_signer_certificate,
)
from signatures.keys.pictures import UnfitPicture, read_picture
from signatures.models import SignatureImage, SigningCertificate
from signatures.rules import CertificateStatus, KeyWay
from tests.conftest import CAST
from tests.tokens import PIN


def begin(identity, holder, *, by=None, **fields):
    read = read_signer_certificate(identity.der)
    owner = fields or {"holder": holder, "way": KeyWay.TOKEN}
    return actions.begin_claim(SigningCertificate(**owner, **read.fields), by=by or holder)


def answer(certificate, identity):
    return identity.key.sign(bytes(certificate.to_sign), ec.ECDSA(SHA256()))


@pytest.fixture
def identity(authority):
    return authority.issue("Nguyễn Hữu Đức", "Bộ Tài chính")


@pytest.fixture
def claimed(cast, identity):
    certificate = begin(identity, cast.minister)
    return actions.claim_certificate(certificate, by=cast.minister, value=answer(certificate, identity))


# The way of a certificate


def test_who_has_the_key_and_is_confirmed_may_sign_with_it(cast, identity):
    certificate = begin(identity, cast.minister)
    assert identity.certificate.fingerprint(SHA256()).hex() in bytes(certificate.challenge).decode()
    assert not SigningCertificate.objects.usable().exists()

    actions.claim_certificate(certificate, by=cast.minister, value=answer(certificate, identity))
    assert not SigningCertificate.objects.usable().exists()
    assert [n.recipient for n in Notification.objects.filter(kind="signatures/key_claimed")] == [
        cast.administrator
    ]

    actions.confirm_certificate(certificate, by=cast.administrator)
    assert SigningCertificate.objects.usable().get().holder == cast.minister
    assert Notification.objects.get(kind="signatures/key_confirmed").recipient == cast.minister
    told = AuditEvent.objects.filter(action__startswith="signatures.").order_by("pk")
    assert list(told.values_list("action", flat=True)) == [
        "signatures.begin_claim",
        "signatures.claim_certificate",
        "signatures.confirm_certificate",
    ]


def test_no_two_challenges_are_the_same(cast, identity):
    first, second = begin(identity, cast.minister), begin(identity, cast.minister)
    assert bytes(first.to_sign) != bytes(second.to_sign)
    with pytest.raises(Conflict):
        actions.claim_certificate(second, by=cast.minister, value=answer(first, identity))


def test_another_key_or_another_text_proves_nothing(cast, authority, identity):
    certificate = begin(identity, cast.minister)
    other = authority.issue("Nguyễn Hữu Đức", "Bộ Tài chính")
    text = identity.key.sign(bytes(certificate.challenge), ec.ECDSA(SHA256()))
    for value in (answer(certificate, other), text, b"", bytes(256)):
        with pytest.raises(Conflict):
            actions.claim_certificate(certificate, by=cast.minister, value=value)
    certificate.refresh_from_db()
    assert certificate.status == CertificateStatus.UNPROVEN


def test_the_answer_comes_once_and_in_time(cast, identity):
    certificate = begin(identity, cast.minister)
    value = answer(certificate, identity)
    with clock.at(clock.now() + timedelta(minutes=11)), pytest.raises(Conflict):
        actions.claim_certificate(certificate, by=cast.minister, value=value)
    actions.claim_certificate(certificate, by=cast.minister, value=value)
    with pytest.raises(Conflict):
        actions.claim_certificate(certificate, by=cast.minister, value=value)


def test_a_certificate_is_one_persons_only(cast, claimed, identity):
    with pytest.raises(Conflict):
        begin(identity, cast.other_minister)
    actions.end_certificate(claimed, by=cast.minister)
    assert begin(identity, cast.other_minister).status == CertificateStatus.UNPROVEN


def test_an_expired_certificate_is_not_taken(cast, authority):
    start = clock.now() - timedelta(days=800)
    old = authority.issue("Nguyễn Hữu Đức", "Bộ Tài chính", start=start, end=start + timedelta(days=365))
    with pytest.raises(Conflict):
        begin(old, cast.minister)


ALLOWED = {
    # who            unproven                    claimed              registered
    "minister": ({"begin", "claim", "end"}, {"end"}, {"end"}),
    "administrator": ({"end"}, {"confirm", "end"}, {"end"}),
}


@pytest.mark.parametrize("who", CAST)
def test_who_may_do_what_to_the_certificate_of_the_minister(cast, identity, who):
    certificate = begin(identity, cast.minister)
    found = []
    for status in (CertificateStatus.UNPROVEN, CertificateStatus.CLAIMED, CertificateStatus.REGISTERED):
        SigningCertificate.objects.filter(pk=certificate.pk).update(status=status)
        certificate.refresh_from_db()
        allowed = rules.SIGNING_CERTIFICATE.allowed(getattr(cast, who), certificate)
        found.append({name.split("_")[0] for name in allowed})
    assert tuple(found) == ALLOWED.get(who, (set(), set(), set()))
    seen = SigningCertificate.objects.visible_to(getattr(cast, who)).exists()
    assert seen == (who in ALLOWED)


def test_nobody_confirms_her_own(cast, authority):
    own = authority.issue("Phan Đình Lâm", "Văn phòng Chính phủ")
    certificate = begin(own, cast.administrator)
    actions.claim_certificate(certificate, by=cast.administrator, value=answer(certificate, own))
    with pytest.raises(PermissionDenied):
        actions.confirm_certificate(certificate, by=cast.administrator)


# The seal


def test_the_key_of_the_seal_proves_itself_in_the_module(
    cast, authority, token, settings, tmp_path, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setenv("SOFTHSM2_CONF", token.environment["SOFTHSM2_CONF"])
    (tmp_path / "pin").write_text(PIN)
    settings.PKCS11_MODULE, settings.PKCS11_TOKEN = token.module, token.label
    settings.SEAL_SIGNER = ""
    settings.PKCS11_PIN_FILE = str(tmp_path / "pin")
    public = token.make_key("office-seal")
    sealed = authority.certify(public, cast.office.name, cast.office.name)
    owner = {"organisation": cast.office, "way": KeyWay.SERVER}
    read = read_signer_certificate(sealed.public_bytes(encoding_der()))

    with django_capture_on_commit_callbacks(execute=True):
        unknown = actions.begin_claim(
            SigningCertificate(**owner, key_name="none-such", **read.fields), by=cast.administrator
        )
    unknown.refresh_from_db()
    assert unknown.status == CertificateStatus.UNPROVEN
    assert "none-such" in unknown.claim_error

    with django_capture_on_commit_callbacks(execute=True):
        seal = actions.begin_claim(
            SigningCertificate(**owner, key_name="office-seal", **read.fields), by=cast.administrator
        )
    seal.refresh_from_db()
    assert (seal.status, seal.claim_error) == (CertificateStatus.CLAIMED, "")
    actions.confirm_certificate(seal, by=cast.administrator)
    assert SigningCertificate.objects.usable().get().organisation == cast.office


def encoding_der():
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER


@pytest.mark.parametrize("who", sorted(set(CAST) - {"administrator"}))
def test_only_the_administrator_brings_a_seal(cast, identity, who):
    with pytest.raises(PermissionDenied):
        begin(identity, None, by=getattr(cast, who), organisation=cast.office, way=KeyWay.SERVER)


# What is read


def test_what_cannot_sign_papers_is_refused(authority):
    unfit = [
        authority.root.der,
        authority.timestamps.der,
        authority.issue("Máy chủ", "Bộ Y tế", usage=("key_encipherment",)).der,
        b"no certificate",
        b"",
    ]
    for content in unfit:
        with pytest.raises(UnfitCertificate):
            read_signer_certificate(content)
    fit = authority.issue("Trần Ngọc Ánh", "Bộ Y tế")
    assert read_signer_certificate(fit.pem) == read_signer_certificate(fit.der)


def test_differing_names_are_seen(cast, authority):
    def compare(name, organisation):
        read = read_signer_certificate(authority.issue(name, organisation).der)
        compared = compare_names(SigningCertificate(holder=cast.minister, **read.fields))
        return [line.is_same for line in compared]

    assert compare("NGUYỄN HỮU ĐỨC", "Bộ tài chính") == [True, True]
    assert compare("Nguyễn Hữu Đức", "Bộ Y tế") == [True, False]
    assert compare("Nguyễn Hữu Dức", "Bộ Tài chính") == [False, True]


def test_the_issuer_is_known_by_signature_and_not_by_name(authority, tmp_path):
    from ecabinet.demo.authority import Authority

    identity = authority.issue("Trần Ngọc Ánh", "Bộ Y tế")
    false = Authority(tmp_path, "http://127.0.0.1:1")  # the same names, other keys
    issuer, root = authority.issuer.der, authority.root.der
    assert "CA phục vụ" in find_trusted_issuer(identity.der, [issuer], [])
    assert "RootCA" in find_trusted_issuer(identity.der, [root], [issuer])
    assert find_trusted_issuer(identity.der, [root], []) == ""
    assert find_trusted_issuer(identity.der, [false.issuer.der, false.root.der], []) == ""


def test_many_claims_ask_the_database_as_often_as_one(cast, sign_in, authority, db):
    browser = sign_in(cast.administrator)

    def claim(holder):
        own = authority.issue(holder.full_name, "Bộ Y tế")
        certificate = begin(own, holder)
        actions.claim_certificate(certificate, by=holder, value=answer(certificate, own))

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse("signatures:list_claims")).status_code == 200
        return len(asked)

    claim(cast.minister)
    count()  # sessions and templates are warm
    one = count()
    for holder in (cast.minister, cast.other_minister, cast.third_minister, cast.chair, cast.secretary):
        claim(holder)
    assert count() == one


# Pictures


def draw(colour, size=(400, 160), ground=(255, 255, 255, 0), mode="RGBA"):
    image = Image.new("RGBA", size, ground)
    ImageDraw.Draw(image).line([(20, 120), (120, 30), (220, 120), (380, 40)], fill=colour, width=9)
    written = BytesIO()
    image.convert(mode).save(written, "PNG")
    return written.getvalue()


BLUE, RED, BLACK = (20, 40, 170, 255), (200, 20, 30, 255), (0, 0, 0, 255)


def test_a_hand_signature_is_blue_and_a_seal_is_red():
    assert read_picture(draw(BLUE), is_seal=False).width == 400
    assert read_picture(draw(RED), is_seal=True).height == 160
    for colour, is_seal in ((RED, False), (BLACK, False), (BLUE, True), (BLACK, True)):
        with pytest.raises(UnfitPicture):
            read_picture(draw(colour), is_seal=is_seal)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        draw(BLUE)[:40],
        draw(BLUE, ground=(255, 255, 255, 255)),
        draw(BLUE, mode="RGB"),
        draw((0, 0, 0, 0)),
        draw(BLUE, size=(3200, 60)),
        draw(BLUE, size=(400, 40)),
        draw(BLUE) + bytes(1024 * 1024),
    ],
    ids=["nothing", "no picture", "cut", "white ground", "no alpha", "empty", "wide", "low", "large"],
)
def test_other_pictures_are_refused_in_words(content):
    with pytest.raises(UnfitPicture, match=r"\w+ \w+"):
        read_picture(content, is_seal=False)


def test_only_the_pixels_are_kept():
    image = Image.open(BytesIO(draw(BLUE)))
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Comment", "scanned at home")
    written = BytesIO()
    image.save(written, "PNG", pnginfo=notes)
    assert b"scanned at home" in written.getvalue()
    assert b"scanned at home" not in read_picture(written.getvalue(), is_seal=False).png


# Pages


def test_a_script_claims_with_a_proof(cast, sign_in, identity):
    browser = sign_in(cast.minister)
    certificate = base64.b64encode(identity.der).decode()
    order = browser.post(
        reverse("signatures:begin_claim"), {"way": "token", "certificate": certificate}
    ).json()
    to_sign = base64.b64decode(order["to_sign"])
    assert order["message_digest"] == order["sha256"]
    value = base64.b64encode(identity.key.sign(to_sign, ec.ECDSA(SHA256()))).decode()
    told = browser.post(order["complete_url"], {"value": value}).json()
    assert told["state"] == "claimed"
    page = browser.get(told["url"]).content.decode()
    assert "Nguyễn Hữu Đức" in page


@pytest.mark.parametrize(
    "sent", [{"certificate": "###"}, {"certificate": "AAAA"}, {"certificate": ""}, {"way": "server"}]
)
def test_a_script_that_sends_nonsense_hears_why(cast, sign_in, identity, sent):
    proper = {"way": "token", "certificate": base64.b64encode(identity.der).decode()}
    answered = sign_in(cast.minister).post(reverse("signatures:begin_claim"), {**proper, **sent})
    assert answered.status_code == 422
    assert answered.json()["detail"]


def test_the_administrator_compares_and_confirms(cast, sign_in, claimed):
    browser = sign_in(cast.administrator)
    page = browser.get(reverse("signatures:list_claims")).content.decode()
    assert cast.minister.full_name in page
    browser.post(reverse("signatures:confirm_certificate", args=[claimed.pk]))
    claimed.refresh_from_db()
    assert claimed.registered_by_name == str(cast.administrator)
    browser.post(reverse("signatures:end_certificate", args=[claimed.pk]))
    claimed.refresh_from_db()
    assert claimed.status == CertificateStatus.ENDED


def test_differences_are_marked(cast, sign_in, authority):
    identity = authority.issue("Nguyễn Hữu Dức", "Bộ Y tế")
    certificate = begin(identity, cast.minister)
    actions.claim_certificate(certificate, by=cast.minister, value=answer(certificate, identity))
    page = sign_in(cast.administrator).get(reverse("signatures:list_claims")).content.decode()
    assert "<mark>Nguyễn Hữu Dức</mark>" in page
    assert "<mark>Bộ Y tế</mark>" in page


@pytest.mark.parametrize("who", ["other_minister", "secretary", "outside_secretary", "nobody"])
def test_what_one_may_not_see_does_not_exist(cast, sign_in, claimed, who):
    browser = sign_in(getattr(cast, who))
    for name in ("confirm_certificate", "end_certificate", "claim_certificate", "answer_remotely"):
        assert browser.post(reverse(f"signatures:{name}", args=[claimed.pk])).status_code == 404
    assert browser.get(reverse("signatures:list_claims")).status_code == 403
    assert browser.get(reverse("signatures:register_seal")).status_code == 403
    assert browser.get(reverse("signatures:register_seal_image")).status_code == 403


def test_pictures_are_entered_and_shown_to_their_owner(cast, sign_in):
    browser = sign_in(cast.minister)
    address = reverse("signatures:register_image")
    file = SimpleUploadedFile("signature.png", draw(BLUE), "image/png")
    browser.post(address, {"file": file, "width_mm": "35"})
    image = SignatureImage.objects.get()
    assert (image.holder, str(image.width_mm), str(image.height_mm)) == (cast.minister, "35.0", "14.0")
    shown = browser.get(reverse("signatures:show_image", args=[image.pk]))
    assert Image.open(BytesIO(b"".join(shown.streaming_content))).size == (400, 160)
    assert shown["Content-Type"] == "image/png"
    file = SimpleUploadedFile("signature.png", draw(RED), "image/png")
    assert browser.post(address, {"file": file, "width_mm": "35"}).status_code == 422
    other = sign_in(cast.other_minister)
    assert other.get(reverse("signatures:show_image", args=[image.pk])).status_code == 404


def test_the_administrator_enters_the_seals_picture(cast, sign_in):
    file = SimpleUploadedFile("seal.png", draw(RED, size=(300, 300)), "image/png")
    entered = {"file": file, "width_mm": "36", "organisation": cast.office.pk}
    sign_in(cast.administrator).post(reverse("signatures:register_seal_image"), entered)
    assert SignatureImage.objects.newest().get().organisation == cast.office


def test_only_pages_with_keys_may_ask_the_agent(cast, sign_in):
    browser = sign_in(cast.minister)
    keys = browser.get(reverse("signatures:list_keys"))["Content-Security-Policy"]
    assert "connect-src 'self' http://127.0.0.1:17604" in keys
    assert "17604" not in browser.get("/")["Content-Security-Policy"]


def test_the_page_for_key_files_reaches_nothing(cast, sign_in):
    page = sign_in(cast.minister).get(reverse("signatures:open_key_file"))
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-scripts allow-forms" in policy
    assert "connect-src" not in policy
    assert "frame-ancestors 'self'" in policy
