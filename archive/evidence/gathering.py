"""What goes into an evidence bundle: the rows of one decision as files, as one office may read them.

The files and their JSON are described in docs/reference/evidence-bundle.md; whoever changes one changes both.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from archive.evidence.log import count_withheld, prove_trail
from archive.evidence.part import Part
from archive.indexing import list_readers
from archive.models import EvidenceBundle
from archive.queries import Case, read_case
from decisions.models import RuleSet
from documents.manifest import excerpt
from documents.models import DocumentVersion, DossierIssue, IssuedPaper
from opinions.ballots import publish
from opinions.models import AnswerSheet, OpinionRequest, OpinionSlip, Question
from opinions.rules import QuestionForm
from opinions.statements import spell_answers
from people.models import office_key
from people.rules import Role
from signatures.models import PreservedCopy, Verification
from signatures.rules import SignatureStatus
from signatures.trust import build_trust_store


@dataclass
class Gathered:
    """The files, and how many were left out for which reason: never what was in them."""

    parts: list[Part] = field(default_factory=list)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)


def gather(bundle: EvidenceBundle) -> Gathered:
    """Everything but the manifest."""
    gathered = Gathered()
    case = read_case(bundle.resolution)
    gathered.parts.append(Part.of_json("decision.json", "decision", _tell_decision(case)))
    rule_set = (case.request and case.request.rule_set) or bundle.resolution.rule_set
    gathered.parts.append(Part.of_json("rules.json", "rules", _tell_rules(rule_set, case.request)))
    if case.request:
        gathered.parts.append(Part.of_json("outcome.json", "outcome", _tell_outcome(case.request)))
        gathered.parts.extend(_tell_answers(case.request))
    kept = _gather_papers(gathered, case, bundle)
    store = build_trust_store().to_json()
    gathered.parts.append(Part.of_json("trust/store.json", "trust", store))
    proven = prove_trail(bundle, case, kept)
    gathered.parts.append(Part.of_json("log/trail.json", "trail", proven))
    if withheld := count_withheld(proven):
        gathered.left_out["trail_entry", "read_by_auditors"] = withheld
    return gathered


def _tell_decision(case: Case) -> dict[str, Any]:
    resolution, request = case.resolution, case.request
    told: dict[str, Any] = {
        "number": resolution.full_number,
        "subject": resolution.subject,
        "body": resolution.body.name,
        "issued_on": f"{resolution.issued_on:%Y-%m-%d}",
        "signer": {"name": resolution.signer.user.full_name, "title": resolution.signer.title},
        "lead_agency": resolution.lead_agency.name,
        "procedure": "written" if request else "none",
    }
    if request:
        told["written"] = {
            "subject": request.subject,
            "proposal": request.proposal,
            "opened_at": spell(request.opened_at),
            "deadline": spell(request.deadline),
            "closed_at": spell(request.closed_at),
        }
    return told


def _tell_rules(rule_set: RuleSet, request: OpinionRequest | None) -> dict[str, Any]:
    """Those of the body, as the form of the collection adapts them."""
    rule = request.majority_rule if request else rule_set.majority_rule
    return {
        "name": rule_set.name,
        "source": rule_set.source,
        "valid_from": f"{rule_set.valid_from:%Y-%m-%d}",
        "confirmed_at": spell(rule_set.confirmed_at),
        "confirmed_by": rule_set.confirmed_by_name,
        "form": request.kind.name if request else "",
        "basis": rule.basis,
        "numerator": rule.numerator,
        "denominator": rule.denominator,
        "tie": rule.tie,
        "silence": rule.silence,
        "abstention": rule.abstention,
        "seats": rule_set.seats or 0,
        "unopposed": rule.unopposed,
    }


def _tell_outcome(request: OpinionRequest) -> dict[str, Any]:
    questions = request.questions.prefetch_related("options__parent").order_by("place")
    classes = [
        {"code": code, "label": offered.label, "counts_as": offered.counts_as}
        for code, offered in request.classes.items()
    ]
    return {
        "branch": request.branch,
        "is_secret": request.is_secret,
        "classes": classes,
        "questions": [_tell_question(question) for question in questions],
    }


def _tell_question(question: Question) -> dict[str, Any]:
    told = {
        "number": question.pk,
        "place": question.place,
        "text": question.text,
        "result": question.result,
    }
    if question.form == QuestionForm.OPTIONS:
        told["at_most"] = question.max_choices
        told["options"] = [
            {"number": option.pk, "text": str(option), "is_proposed": option.is_proposed}
            for option in question.offered
        ]
    return told


def _tell_answers(request: OpinionRequest) -> Iterator[Part]:
    """Every slip as it was counted, with what its member has signed. Drafts are nobody's evidence."""
    if request.is_secret:
        yield Part.of_json("ballots/box.json", "box", publish(request.ballot_box))
    slips = request.slips.select_related("member", "answered_by").with_answers()
    for number, slip in enumerate(slips.order_by("place", "pk"), 1):
        path = f"answers/{number:04}.json"
        yield Part.of_json(path, "answer", _tell_slip(slip), facts={"title": slip.member.full_name})
        if slip.current_sheet is not None and slip.current_sheet.statement_id is not None:
            yield from _tell_statement(slip.current_sheet, path, f"answers/{number:04}")


def _tell_slip(slip: OpinionSlip) -> dict[str, Any]:
    sheet = slip.current_sheet
    told = {
        "slip": slip.pk,
        "member": slip.member.full_name,
        "title": slip.member_title,
        "is_chair": slip.is_chair,
        "status": slip.status,
        "answered_at": spell(slip.answered_at) if slip.is_answered else "",
        "receipt": slip.receipt if slip.is_answered else "",
        "answers": spell_answers(slip.answers),
    }
    if sheet is not None:
        told |= {"way": sheet.way, "signature": sheet.signature_state}
        if sheet.given_by_id != slip.member_id:
            told["given_by"] = sheet.given_by.full_name
        if sheet.entered_by is not None:
            told["entered_by"] = sheet.entered_by.full_name
    return told


def _tell_statement(sheet: AnswerSheet, of: str, stem: str) -> Iterator[Part]:
    """The slip as a paper, the bytes that were signed, and the signature: apart, as they were made. What was
    found broken afterwards is no signature."""
    statement = sheet.statement
    assert statement is not None
    if sheet.version is not None:
        yield Part(f"{stem}.pdf", "slip", sheet.version.open_file, of=of, expected=sheet.version.sha256)
    signature = statement.signatures.filter(status=SignatureStatus.EMBEDDED).order_by("-pk").first()
    if signature is not None:
        yield Part.of_bytes(f"{stem}.statement.json", "statement", bytes(statement.content), of=of)
        yield Part.of_bytes(f"{stem}.p7s", "signature", bytes(signature.cms), of=f"{stem}.statement.json")


def _gather_papers(gathered: Gathered, case: Case, bundle: EvidenceBundle) -> set[int]:
    """The resolution, the synthesis, every issue of the dossier, each paper that lay before members.

    Which versions are inside: what the trail tells of others stays in the house.
    """
    issues = list(case.resolution.dossier.issues.order_by("number")) if case.resolution.dossier else []
    issued = IssuedPaper.objects.filter(issue__in=issues).select_related("version__document")
    wanted: dict[int, tuple[str, DocumentVersion]] = {}
    if case.text:
        wanted[case.text.version.pk] = ("resolution", case.text.version)
    for version in _list_released(case):
        wanted.setdefault(version.pk, ("resolution_before", version))
    if case.synthesis:
        wanted.setdefault(case.synthesis.version.pk, ("synthesis", case.synthesis.version))
    for paper in issued.order_by("issue__number", "place"):
        wanted.setdefault(paper.version_id, ("paper", paper.version))
    for unissued in case.dossier:
        wanted.setdefault(unissued.version.pk, ("paper", unissued.version))

    key = office_key(bundle.role, bundle.resolution.body_id)
    kept: set[int] = set()
    for number, (use, version) in enumerate(wanted.values(), 1):
        if key not in list_readers(version):
            gathered.left_out["paper", "need_to_know"] += 1
        elif version.refused_because:
            gathered.left_out["paper", "erased"] += 1
        else:
            kept.add(version.pk)
            gathered.parts.extend(_tell_version(number, use, version))
    for issue in issues:
        readable = [
            paper.place for paper in issued if paper.issue_id == issue.pk and paper.version_id in kept
        ]
        gathered.parts.append(_tell_issue(issue, readable))
    return kept


def _list_released(case: Case) -> Iterable[DocumentVersion]:
    """Every text of the resolution that the archive was given; drafts are not among them."""
    versions = case.resolution.document.versions.kept().filter(distributions__role=Role.ARCHIVIST)
    return versions.order_by("-number").distinct()


def _tell_version(number: int, use: str, version: DocumentVersion) -> Iterator[Part]:
    """The original bytes, the copy preserved for decades, and what was seen of the signatures when."""
    path = f"documents/{number:04}.{version.format}"
    document = version.document
    facts = {
        "title": document.title,
        "number": document.number,
        "version": version.number,
        "file_name": version.file_name,
        "use": use,
    }
    yield Part(path, "document", version.open_file, facts=facts, expected=version.sha256)
    for copy in PreservedCopy.objects.filter(version=version).newest():
        preserved = f"preserved/{number:04}.pdf"
        yield Part(preserved, "preserved", copy.open_file, of=path, facts=facts, expected=copy.sha256)
    for verification in Verification.objects.filter(version=version).decided():
        told = {
            "checked_at": spell(verification.checked_at),
            "verdict": verification.verdict,
            "trust_store": verification.trust_store,
            "report": verification.report,
        }
        yield Part.of_json(f"reports/{number:04}.json", "report", told, of=path)
        if verification.evidence is not None:
            etsi = verification.write_etsi_report()
            yield Part.of_bytes(f"reports/{number:04}.xml", "report_etsi", etsi, of=path)


def _tell_issue(issue: DossierIssue, readable: list[int]) -> Part:
    """The sealed list itself where its reader may know every line; else an excerpt that names its hash."""
    total = len(json.loads(issue.manifest)["papers"])
    text = issue.manifest if len(readable) == total else excerpt(issue.manifest, readable)
    return Part.of_bytes(f"dossier/issue-{issue.number:04}.json", "issue", text.encode())


def spell(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else ""
