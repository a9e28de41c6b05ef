"""The page that checks a bundle in any browser: opened from a file, without server and network."""

import json
from itertools import count, product

import pytest
from django.conf import settings
from playwright.sync_api import expect

from audit import checkpoints
from tests.archive import evidence_case
from tests.verifier import tampering
from verifier.ballots.transcript import make_fingerprint
from verifier.bundle.counting import POSITIONS, Rules, recount_figures, recount_options

PAGE = settings.BASE_DIR / "verifier" / "page" / "check.html"


@pytest.mark.django_db
def test_a_bundle_is_checked_where_it_lies(
    browser, cast, monkeypatch, settings, tmp_path, django_capture_on_commit_callbacks
):
    evidence_case.keep_log_here(monkeypatch, settings, tmp_path)
    decision = evidence_case.decide(cast)
    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    good = tmp_path / "good.zip"
    good.write_bytes(bundle.path.read_bytes())

    context = browser.new_context(offline=True, locale="vi-VN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(PAGE.as_uri())
    page.get_by_label("Khóa công khai").fill(str(checkpoints.known_keys()[0]))
    page.get_by_label("Chọn hoặc kéo thả").set_input_files(good)
    expect(page.locator("#verdict")).to_have_text("Mọi nội dung mà trang này kiểm tra được đều đúng.")
    for words in (
        "17 tệp",
        "ký bằng khóa đã nhập",
        "kiểm đếm lại khớp",
        "dòng về vụ việc đều nằm trong nhật ký",
        "Nội dung gói khớp với",
    ):
        expect(page.locator("ul.holds")).to_contain_text(words)

    files = tampering.take_apart(good)
    name = tampering.find(files, r"answers/\d+\.json", '"other"')
    files[name] = files[name].replace(b'"other"', b'"agree"')
    page.get_by_label("Chọn hoặc kéo thả").set_input_files(
        tampering.pack(tampering.list_anew(files), tmp_path / "forged.zip")
    )
    expect(page.locator("ul.fails")).to_contain_text("kiểm đếm lại KHÔNG khớp")
    expect(page.locator("ul.fails")).to_contain_text("không phải là danh mục đã ghi trong nhật ký")

    page.get_by_label("Chọn hoặc kéo thả").set_input_files(PAGE)
    expect(page.locator("ul.fails")).to_contain_text("không phải là gói chứng cứ")
    assert complaints == []
    context.close()


RULES = {"basis": "members", "numerator": 1, "denominator": 2, "tie": "chair", "silence": "agrees"} | {
    "abstention": "stays",
    "seats": 0,
    "unopposed": False,
}


def write_bundle(target, question, answers, **outcome):
    """A list of files that no log knows: rules, an outcome, and one slip a member (None has left office)."""
    files = {"rules.json": ("rules", RULES)}
    files["outcome.json"] = ("outcome", {"branch": "b", "questions": [{"place": 1, **question}], **outcome})
    for number, given in enumerate(answers, 1):
        slip = {"slip": number, "member": f"M{number}", "title": "Bộ trưởng", "is_chair": number == 1}
        slip["status"] = "released" if given is None else "answered" if given else "silent"
        slip["answers"] = [{"question": 1, "reason": "", **given}] if given and "secret" not in given else []
        files[f"answers/{number:04}.json"] = ("answer", slip)
    if outcome.get("is_secret"):
        voters = [{"voter": f"Bộ trưởng M{number}"} for number, given in enumerate(answers, 1) if given]
        files["ballots/box.json"] = ("box", {"ballots": voters})
    lines = [{"path": path, "kind": kind} for path, (kind, _content) in files.items()]
    packed = {path: json.dumps(content).encode() for path, (_kind, content) in files.items()}
    manifest = {"format": "ecabinet-evidence/2", "decision": {}, "files": lines}
    packed["manifest.json"] = json.dumps(manifest).encode()
    return tampering.pack(tampering.list_anew(packed), target)


def test_every_form_of_answer_is_counted_again(browser, tmp_path):
    page = browser.new_page(locale="vi-VN")
    page.goto(PAGE.as_uri())
    rules, names = Rules.read(RULES), count(1)

    def check(question, answers, **outcome):
        bundle = write_bundle(tmp_path / f"{next(names)}.zip", question, answers, **outcome)
        page.get_by_label("Chọn hoặc kéo thả").set_input_files(bundle)
        expect(page.locator("#verdict")).to_be_visible()
        return {
            state: page.locator(f"ul.{state}").all_inner_texts() for state in ("holds", "fails", "unproven")
        }

    offered = [{"number": 11, "text": "Một", "is_proposed": True}, {"number": 9, "text": "Hai"}]
    chosen = [{"options": [11]}, {"options": [11]}, {}, None]
    result = recount_options({11: 2, 9: 0}, 1, 3, frozenset({11}), rules)
    found = check({"options": offered, "result": result}, chosen)
    assert "phương án đạt đa số: 1 (cần 2/3)" in found["holds"][0] and not found["fails"]
    chosen[0] = {"options": [9]}
    assert "KHÔNG khớp" in check({"options": offered, "result": result}, chosen)["fails"][0]

    classes = [{"code": "clear", "counts_as": "agree"}, {"code": "nil", "counts_as": "abstain"}]
    sides = {"agree": 2, "disagree": 0, "other": 0, "abstain": 1}
    result = recount_figures(sides, 0, rules, "agree") | {"classes": {"clear": 2, "nil": 1}}
    codes = [{"position": "clear"}, {"position": "nil"}, {"position": "clear"}]
    found = check({"result": result}, codes, classes=classes)
    assert "2/3 tán thành" in found["holds"][0] and not found["fails"]

    found = check({"result": result}, [{"secret": 1}] * 3, classes=classes, is_secret=True)
    assert "hãy dùng chương trình" in found["unproven"][0] and "khớp" not in found["holds"][0]
    assert not found["fails"]
    found = check({"result": result}, [{"secret": 1}] * 2, classes=classes, is_secret=True)
    assert found["fails"]
    page.close()


def test_the_page_and_the_program_count_alike(browser):
    page = browser.new_page()
    page.goto(PAGE.as_uri())
    positions, options = [], []
    changes = product(
        ("members", "seats", "answers"), ("agrees", "nothing"), ("stays", "leaves"), (2, 3), (False, True)
    )
    for basis, silence, abstention, share, unopposed in changes:
        plain = RULES | {"basis": basis, "silence": silence, "abstention": abstention, "seats": 5}
        plain |= {"numerator": share - 1, "denominator": share, "unopposed": unopposed}
        rules = Rules.read(plain)
        for figures in product(range(3), range(3), range(2), range(2), range(2)):
            sides, silent = dict(zip(POSITIONS, figures, strict=False)), figures[4]
            for chair in ("nobody", "agree", None):
                ours = recount_figures(sides, silent, rules, chair)
                positions.append([[sides, silent, plain, chair], ours])
        for one, two, silent, proposed in product(range(3), range(3), range(3), ([], [1], [1, 2])):
            ours = recount_options({1: one, 2: two}, silent, 4, frozenset(proposed), rules)
            offered = [{"number": number, "is_proposed": number in proposed} for number in (1, 2)]
            options.append([[offered, [[1, one], [2, two]], silent, 4, plain], ours])
    differ = """(cases) => { const [positions, options] = JSON.parse(cases); return [
        ...positions.filter(([given, told]) => spell(recount(...given)) !== spell(told)),
        ...options.filter(([[offered, often, ...more], told]) =>
            spell(recountOptions(offered, new Map(often), ...more)) !== spell(told)),
    ].slice(0, 3); }"""
    assert page.evaluate(differ, json.dumps([positions, options])) == []
    page.close()


def test_answers_are_compared_with_what_the_trail_tells(browser):
    page = browser.new_page()
    page.goto(PAGE.as_uri())
    compare = """async ([slips, entries, isWhole]) => {
        const faults = [], outcome = { questions: [{ options: [{ number: 7, text: "Một" }] }] };
        const bundle = {
            ofKind: () => slips.map((_slip, path) => ({ path })),
            json: (path) => slips[path],
            theJson: () => outcome,
        };
        await compareAnswers(bundle, (code, { member }) => faults.push(member), entries, isWhole);
        return faults;
    }"""
    in_file = [{"question": 1, "options": [7], "reason": "a\nb"}]
    slips = [
        {"slip": 1, "member": "entered", "receipt": "R", "answers": in_file},
        {"slip": 2, "member": "withdrawn", "receipt": "", "answers": []},
    ]
    told = json.dumps({"receipt": "R", "after": [{"options": ["Một"], "reason": "a\r\nb"}]})
    trail = [
        {"action": "opinions.enter_answer", "target_id": 1, "details": told},
        {"action": "opinions.count_signed_answer", "target_id": 2, "details": told},
        {"action": "opinions.withdraw_answer", "target_id": 2, "details": "{}"},
    ]
    assert page.evaluate(compare, [slips, trail, True]) == []
    assert page.evaluate(compare, [slips, trail[:2], True]) == ["withdrawn"]
    assert page.evaluate(compare, [slips, trail[1:], False]) == []
    assert page.evaluate(compare, [slips, trail[1:], True]) == ["entered"]
    slips[0]["answers"] = [{"question": 1, "options": [8], "reason": "a\nb"}]
    assert page.evaluate(compare, [slips, trail, True]) == ["entered"]
    box = {"code": "Hòm “1”", "asked": [{"id": 3, "at_most": 1}], "Key": None}
    fingerprint = "async (box) => hex(await sha256(text.encode(spell(box))))"
    assert page.evaluate(fingerprint, box) == make_fingerprint(box)
    page.close()
