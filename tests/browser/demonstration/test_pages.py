"""Every page, for every office that may see it, in both languages: access, fit, policy, and words.

The demonstration is told once; each test walks it as one person, link by link, one page of each kind.
"""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page, expect

from audit.models import AuditEvent
from decisions.models import DayOff, Resolution, RuleSet
from documents.models import Distribution, Document, DocumentVersion, DossierIssue
from meetings.models import Meeting
from opinions.models import Answer, AnswerClass, OpinionRequest, Option, Question, Remark, RequestKind
from people.models import Appointment, Body, Delegation, Organisation, User
from signatures.models import SigningCertificate, SigningRequest, SigningStep
from submissions.models import MatterKind, Submission
from tests.browser.conftest import DESK, PHONE, TABLET

ZOOMED = (320, 256)  # 1280 × 1024 at 400 %
SIZES = (PHONE, TABLET, DESK)
OFFICES = {
    "chair": "thutuong",
    "deputy": "ptt1",
    "member": "bt.vanhoa",
    "assistant": "tk.taichinh",
    "specialist": "cv.tonghop",
    "officer": "cv.taichinh",
    "archivist": "luutru",
    "administrator": "quantri",
    "auditor": "kiemtra",
    "province": "cv.lamdong",
}
SEEDS = {
    "archivist": ("/archive/?q=phi+bao+hiem+y+te", "/archive/?q=khongcotrongkho"),
    "specialist": ("/opinions/?q=khongcotrongkho", "/archive/?q=von+dau+tu"),
    "auditor": ("/trail/?person=khongcotrongnhatky",),
}
NOT_PAGES = re.compile(
    r"^/(static|api|admin|accounts/logout|demo)|/(file|export|preserved|proof|checker)/|/report\.xml$|/keys/file/"
)
EVERYONES = re.compile(r"^/accounts/")  # the same for all: looked at once, as the assistant, under her bar


def person(office: str) -> User:
    return User.objects.get(username=OFFICES[office])


# Walking


def kind_of(path: str) -> tuple[str, str] | None:
    """Which page it is: the name of the address, and the state of what it shows."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    pk = match.kwargs.get("pk")
    state = ""
    if match.view_name.startswith("opinions:") and pk and "slips" not in path:
        state = OpinionRequest.objects.get(pk=pk).status
    elif match.view_name == "decisions:read_resolution":
        state = Resolution.objects.get(pk=pk).status
    elif match.view_name == "signatures:read_signing":
        state = SigningRequest.objects.get(pk=pk).status
    return match.view_name, state


def walk(page: Page, start: list[str], with_account: bool):
    """One page of each kind, breadth first."""
    waiting, known, seen = list(start), set(), set()
    while waiting:
        url = waiting.pop(0)
        parts = urlsplit(url)
        if NOT_PAGES.search(parts.path) or (EVERYONES.match(parts.path) and not with_account):
            continue
        kind = kind_of(parts.path)
        key = (kind, tuple(sorted(parse_qs(parts.query)))) if url not in start else url
        if kind is None or key in seen:
            continue
        seen.add(key)
        answer = page.goto(url)
        if answer.status == 405:
            continue
        yield url, answer
        links = page.eval_on_selector_all(
            "a[href]:not([download])", "(all) => all.map((a) => a.getAttribute('href'))"
        )
        for link in links:
            if link.startswith("/") and link.split("#")[0] not in known:
                known.add(link.split("#")[0])
                waiting.append(link.split("#")[0])


# Words

ENGLISH = re.compile(
    r"\b(the|and|of|your|this|that|with|from|was|were|been|which|their|you|are|not|have|has|will|cannot"
    r"|please|until|deadline|answer|request|search|page|save|error|sign)\b",
    re.IGNORECASE,
)
VIETNAMESE = re.compile(
    r"[ăâđêôơưàáạảãằắặẳẵầấậẩẫèéẹẻẽềếệểễìíịỉĩòóọỏõồốộổỗờớợởỡùúụủũừứựửữỳýỵỷỹ]", re.IGNORECASE
)
GIVEN = (
    "Máy chủ cấp dấu thời gian",
    "PKI trình diễn – không có giá trị pháp lý",
    "CA phục vụ các cơ quan Nhà nước",
    "Ban Cơ yếu",
    "SAO LỤC",
    "Ngọc Ánh",
)  # in certificates; on the copy, as the decree has it; in a hint
COLLECT = """() => {
  const data = `.pdfViewer, .reader-outline, .as-written, .hit-title, .hit-text, mark, .trail-facts dd,
    .dossier-hit-words, .change-words, .compare-block`;
  const skip = `[lang]:not(html), script, style, template, textarea, ${data}`;
  const found = [];
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.replace(/\\s+/g, " ").trim();
    if (text && !walker.currentNode.parentElement.closest(skip)) found.push(text);
  }
  for (const it of document.querySelectorAll("[aria-label], [title], [alt], [placeholder]")) {
    if (it.closest(skip)) continue;
    for (const name of ["aria-label", "title", "alt", "placeholder"]) {
      if (it.getAttribute(name)) found.push(it.getAttribute(name));
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def written(demonstration) -> list[str]:
    """What people have written into the demonstration, the longest first: no label of ours."""
    columns: list[tuple[Any, str]] = [
        (User, "full_name"),
        (Appointment, "title"),
        (Body, "name"),
        (Organisation, "name"),
        (Organisation, "short_name"),
        (OpinionRequest, "subject"),
        (OpinionRequest, "proposal"),
        (Question, "text"),
        (Answer, "reason"),
        (Document, "title"),
        (DocumentVersion, "file_name"),
        (Resolution, "subject"),
        (RuleSet, "name"),
        (RuleSet, "source"),
        (DayOff, "name"),
        (MatterKind, "name"),
        (MatterKind, "source"),
        (Submission, "return_reason"),
        (Submission, "removal_reason"),
        (DossierIssue, "reason"),
        (DocumentVersion, "reason"),
        (Distribution, "because"),
        (SigningRequest, "purpose"),
        (SigningStep, "words"),
        (SigningStep, "refused_because"),
        (SigningCertificate, "subject"),
        (SigningCertificate, "issuer"),
        (Delegation, "order_number"),
        (Delegation, "order_issuer"),
        (Delegation, "ended_because"),
        (AuditEvent, "target_name"),
        (Meeting, "place"),
        (Remark, "explanation"),
        (RequestKind, "name"),
        (RequestKind, "title"),
        (RequestKind, "first_question"),
        (AnswerClass, "label"),
        (Option, "text"),
    ]
    words = {row for model, name in columns for row in model._base_manager.values_list(name, flat=True)}
    for texts in Resolution.objects.values_list("bases", "articles", "recipients"):
        words.update(line for text in texts for part in text for line in part.splitlines())
    words.update(subject[0].lower() + subject[1:] for subject in list(words) if subject)
    words.update(GIVEN)
    return sorted((word for word in words if word), key=len, reverse=True)


def strip_written(text: str, written: list[str]) -> str:
    if text.endswith("…") and any(words.startswith(text.rstrip(" …")) for words in written):
        return ""
    for words in written:
        text = text.replace(words, " ")
    return text


def find_foreign(page: Page, language: str, written: list[str]) -> list[str]:
    """Words of the other language among those that are ours."""
    texts = (strip_written(text, written) for text in page.evaluate(COLLECT))
    foreign = ENGLISH if language == "vi" else VIETNAMESE
    return sorted({text for text in texts if foreign.search(text)})


# The tests


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("office", OFFICES)
def test_every_page_of_an_office(page_for, check_axe, check_fit, written, office, language):
    page = page_for(person(office), language=language)
    start = ["/", *SEEDS.get(office, ())]
    turn = list(OFFICES).index(office) + (language == "en")
    wrong, visited = [], []
    for place, (url, answer) in enumerate(walk(page, start, with_account=office == "assistant")):
        visited.append(url)
        axed_at = (
            SIZES[(place + turn) % len(SIZES)] if (place + turn) % 2 else None
        )  # in one of the languages
        wrong += look_at(page, url, answer.status, check_axe, check_fit, axed_at)
        wrong += [f"{url}: {text!r} in {language}" for text in find_foreign(page, language, written)]
    assert not wrong, "\n".join(wrong)
    assert len(visited) > 4, visited


def look_at(page, url, status, check_axe, check_fit, axed_at) -> list[str]:
    if page.locator("pdf-reader, signing-paper").count():
        expect(page.locator(".textLayer").first).to_be_attached()
    wrong = [] if status == 200 else [f"{url}: {status}"]
    for width, height in (ZOOMED, *SIZES):
        page.set_viewport_size({"width": width, "height": height})
        wrong += complaints_of(check_fit, page)
        if (width, height) == axed_at:
            wrong += complaints_of(check_axe, page)
    return wrong


def complaints_of(check, page) -> list[str]:
    try:
        check(page)
    except AssertionError as error:
        return [str(error).splitlines()[0] + " " + "\n".join(str(error).splitlines()[1:])]
    return []


def test_errors_say_what_to_do(page_for, check_axe, check_fit, written, monkeypatch, contexts):
    """Not found, not allowed, too late, too often, broken: in words, in both languages, on a phone."""
    submitted = OpinionRequest.objects.filter(status="submitted").first()
    opened = OpinionRequest.objects.filter(status="open").first()

    def fail(*args: Any, **options: Any) -> None:
        raise RuntimeError("broken on purpose")

    for language in ("vi", "en"):
        minister = page_for(person("member"), size=PHONE, language=language)
        deputy = page_for(person("deputy"), size=PHONE, language=language)
        for page, url, status in (
            (minister, f"/opinions/{submitted.pk}/", 404),
            (minister, "/opinions/new/", 403),
            (deputy, f"/opinions/{opened.pk}/return/", 409),
        ):
            assert page.goto(url).status == status
            check_axe(page)
            check_fit(page)
            assert find_foreign(page, language, written) == []
            assert page.locator("main a").count() > 0

    with monkeypatch.context() as patched:
        patched.setattr("ecabinet.views.list_tasks", fail)
        assert minister.goto("/").status == 500
    check_axe(minister)
    check_fit(minister)
    expect(minister.locator("h1")).to_have_text("Hệ thống gặp sự cố")
    contexts.complaints.clear()


def test_too_many_attempts_are_told_in_words(page_for, check_axe, check_fit, written, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    page = page_for(size=PHONE)
    for _ in range(2):
        page.goto("/accounts/login/")
        page.get_by_label("Tên đăng nhập hoặc thư điện tử").fill("bt.vanhoa")
        page.get_by_label("Mật khẩu", exact=True).fill("sai rồi")
        page.get_by_role("button", name="Đăng nhập", exact=True).click()

    expect(page.locator("h1")).to_have_text("Quá nhiều lần thử")
    check_axe(page)
    check_fit(page)
    assert find_foreign(page, "vi", written) == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_door(page_for, check_axe, check_fit, written, language):
    """What a stranger sees: the sign-in, the forgotten password, the people of the demonstration."""
    page = page_for(language=language)
    for place, url in enumerate(("/accounts/login/", "/accounts/password/reset/", "/demo/")):
        answer = page.goto(url)
        assert look_at(page, url, answer.status, check_axe, check_fit, SIZES[place]) == []
        assert find_foreign(page, language, written) == []
