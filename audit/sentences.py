"""What each action is in plain words, as it stands after the name of the person who did it."""

from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "audit.export_trail": _("took a copy of the trail"),
    "people.sign_in": _("signed in"),
    "people.sign_out": _("signed out"),
    "people.fail_sign_in": _("failed to sign in"),
    "people.change_password": _("changed the password"),
    "people.reset_password": _("set a new password by the link in a mail"),
    "people.add_second_factor": _("set up a second step for signing in"),
    "people.remove_second_factor": _("removed a second step for signing in"),
    "people.renew_recovery_codes": _("made new recovery codes"),
    "people.register_user": _("opened an account"),
    "people.correct_user": _("corrected an account"),
    "people.invite_user": _("sent an invitation"),
    "people.deactivate_user": _("closed an account"),
    "people.activate_user": _("opened an account again"),
    "people.set_preferences": _("chose the language or the size of the text"),
    "people.appoint_officer": _("entered an appointment"),
    "people.end_appointment": _("entered the end of an appointment"),
    "people.grant_delegation": _("entered a stand-in"),
    "people.end_delegation": _("ended a stand-in"),
    "notifications.mark_notification_read": _("opened a notice"),
    "documents.create_dossier": _("created a dossier"),
    "documents.add_paper": _("put a paper into the dossier"),
    "documents.include_version": _("put a paper that was here already into the dossier"),
    "documents.replace_paper": _("put a new version in the place of a paper"),
    "documents.describe_paper": _("described a paper"),
    "documents.move_paper": _("moved a paper in the dossier"),
    "documents.keep_own_paper": _("kept a private paper"),
    "documents.give_own_paper": _("gave a private paper to others"),
    "documents.discard_own_paper": _("discarded a private paper"),
    "documents.remove_paper": _("took a paper out of the dossier"),
    "documents.limit_readers": _("named the readers of a paper"),
    "documents.add_section": _("added a section to the dossier"),
    "documents.rename_section": _("renamed a section of the dossier"),
    "documents.move_section": _("moved a section of the dossier"),
    "documents.remove_section": _("removed a section of the dossier"),
    "documents.submit_dossier": _("put the dossier before the chair"),
    "documents.return_dossier": _("gave the dossier back to the office"),
    "documents.seal_dossier": _("sealed the dossier"),
    "documents.hand_over_dossier": _("passed the dossier on"),
    "documents.add_slot": _("entered a paper that is handed out in the ledger"),
    "documents.remove_slot": _("took a line out of the ledger of papers handed out"),
    "documents.hand_out_copy": _("handed out a copy on paper"),
    "documents.take_back_copy": _("took back a copy on paper"),
    "documents.reopen_dossier": _("took the sealed dossier up for correction"),
    "documents.drop_correction": _("ended the correction of the dossier without a change"),
    "documents.close_dossier": _("closed the dossier"),
    "documents.order_binder": _("ordered the dossier as one file"),
    "documents.order_binder_copy": _("ordered a personal copy of the dossier"),
    "documents.record_binder": _("built the dossier as one file"),
    "documents.record_binder_copy": _("built a personal copy of the dossier"),
    "documents.open_binder": _("took the dossier as one file"),
    "documents.open_binder_copy": _("took a personal copy of the dossier"),
    "documents.export_readers": _("took a copy of the readers' ledger"),
    "documents.distribute_version": _("gave a paper to its readers"),
    "documents.open_version": _("opened a paper"),
    "documents.record_text": _("read the text of a paper"),
    "documents.record_view": _("made a copy of a paper for reading"),
    "documents.record_scan": _("looked through a paper for viruses"),
    "documents.retry_reading": _("had the reading of a paper tried again"),
    "documents.refuse_version": _("refused a paper and erased it"),
    "documents.order_rendering": _("ordered a document to be written"),
    "documents.add_rendered_version": _("handed in a written document"),
    "signatures.begin_claim": _("named a certificate to sign with"),
    "signatures.claim_certificate": _("proved to have the key of a certificate"),
    "signatures.confirm_certificate": _("confirmed whose certificate it is"),
    "signatures.end_certificate": _("ended the use of a certificate for signing"),
    "signatures.register_image": _("entered the picture of a signature or a seal"),
    "signatures.order_verification": _("ordered a check of the signatures of a paper"),
    "signatures.add_revocation_list": _("entered a list of revoked certificates"),
    "signatures.record_verification": _("verified the signatures of a paper"),
    "signatures.trust_certificate": _("entered a certificate as trusted"),
    "signatures.distrust_certificate": _("withdrew the trust in a certificate"),
    "documents.add_signed_version": _("entered the signed file as the next version"),
    "signatures.request_signatures": _("sent a paper to its signers"),
    "signatures.withdraw_signing": _("withdrew a paper from its signers"),
    "signatures.prepare_signature": _("began to sign a paper"),
    "signatures.affix_seal": _("had the organisation's seal put on a paper"),
    "signatures.prepare_statement": _("began to sign a statement"),
    "signatures.complete_signature": _("handed in a signature, which fits the registered certificate"),
    "signatures.sign_step": _("signed a paper"),
    "signatures.embed_signature": _("put a signature with its timestamp into the paper"),
    "signatures.settle_step": _("noted that a wanted signature is there"),
    "signatures.void_signature": _("set a signature aside that cannot stand"),
    "signatures.release_step": _("asked for a signature once more"),
    "signatures.complete_signing": _("noted that all have signed the paper"),
    "signatures.refuse_signature": _("refused to sign a paper"),
    "signatures.refuse_signing": _("ended the signing of a paper, because a signer refused"),
    "signatures.pass_signature": _("passed a signature to the stand-in"),
    "decisions.confirm_rule_set": _("confirmed a rule set"),
    "decisions.add_day_off": _("entered a day off"),
    "decisions.draft_resolution": _("drafted a resolution"),
    "decisions.edit_resolution": _("edited a resolution"),
    "decisions.approve_resolution": _("approved a resolution"),
    "decisions.approve_for_signing": _("approved a resolution for signing"),
    "decisions.ask_for_signature": _("put a resolution before its signers"),
    "decisions.return_resolution": _("gave an unsigned resolution back to the office"),
    "decisions.record_signing": _("recorded that a resolution is signed"),
    "decisions.seal_resolution": _("had number, date and seal put on a resolution"),
    "decisions.issue_resolution": _("registered and issued a resolution"),
    "decisions.release_resolution": _("released the issued resolution to its readers"),
    "reading.keep_notes_key": _("set up or changed the key to private notes"),
    "reading.begin_notes_anew": _("began private notes anew; the old ones are erased"),
    "reading.share_note": _("shared a private note on a paper"),
    "reading.take_back_note": _("took a shared note back"),
    "reading.announce_purge": _("announced the day on which private notes are erased"),
    "reading.purge_notes": _("erased private notes"),
    "reading.compare_versions": _("asked what changed between two papers"),
    "reading.record_comparison": _("compared two papers"),
    "reading.make_folder": _("made a folder"),
    "reading.rename_folder": _("renamed a folder"),
    "reading.remove_folder": _("removed a folder"),
    "reading.put_into_folder": _("put a paper into a folder"),
    "reading.take_out_of_folder": _("took a paper out of a folder"),
    "opinions.draft_request": _("drafted an opinion request"),
    "opinions.edit_request": _("edited an opinion request"),
    "opinions.keep_changes": _("kept changes of an opinion request"),
    "opinions.submit_request": _("submitted an opinion request for approval"),
    "opinions.return_request": _("returned an opinion request to the office"),
    "opinions.approve_request": _("approved the sending; the request is open"),
    "opinions.correct_dossier": _("began a correction of the dossier before the members"),
    "opinions.reissue_dossier": _("put the corrected dossier before the members"),
    "opinions.withdraw_request": _("withdrew an opinion request"),
    "opinions.close_request": _("closed an opinion request at its deadline"),
    "opinions.refer_request": _("passed the opinions to the lead agency"),
    "opinions.draft_decision": _("began the draft of the decision"),
    "opinions.draft_answer": _("drafted an answer"),
    "opinions.submit_answer": _("put a draft answer before the member"),
    "opinions.return_answer": _("returned a draft answer"),
    "opinions.keep_draft": _("kept a draft answer"),
    "opinions.answer_slip": _("answered"),
    "opinions.count_silence": _("counted a silent member as the rule says"),
    "submissions.prepare_submission": _("began a dossier of the lead agency"),
    "submissions.edit_submission": _("changed the title, kind or day of a dossier"),
    "submissions.hand_in_submission": _("handed the dossier in to the Office"),
    "submissions.return_submission": _("returned the dossier to the lead agency"),
    "submissions.accept_submission": _("accepted the dossier"),
    "submissions.propose_removal": _("proposed to take a late dossier off"),
    "submissions.take_up_submission": _("took the dossier up into a written procedure"),
    "submissions.remind_of_submission": _("reminded the lead agency of the day to hand in"),
    "submissions.remind_of_check": _("told the Office of a dossier that should have been checked"),
    "submissions.add_matter_kind": _("entered a kind of matter"),
    "submissions.end_matter_kind": _("entered the end of a kind of matter"),
    "archive.file_resolution": _("filed a resolution in the archive"),
    "archive.order_evidence": _("ordered the evidence bundle of a decision"),
    "archive.seal_evidence": _("listed what is in an evidence bundle"),
    "archive.record_evidence": _("made an evidence bundle"),
    "archive.open_evidence": _("took an evidence bundle out of the house"),
}

FACTS: dict[str, str | Promise] = {
    "abstain": _("abstentions"),
    "action": _("action"),
    "after": _("afterwards"),
    "agree": _("in agreement"),
    "articles": _("articles"),
    "assists": _("assists"),
    "attached_to": _("attachment to"),
    "bases": _("legal bases"),
    "basis": _("counted against"),
    "because": _("reason"),
    "before": _("before"),
    "branch": _("outcome"),
    "chair_decided": _("decided by the chair"),
    "changes": _("changes"),
    "characters": _("characters"),
    "comment": _("comment"),
    "counts_as": _("counts as"),
    "day": _("day"),
    "deadline": _("deadline"),
    "disagree": _("in disagreement"),
    "draft": _("draft"),
    "email": _("e-mail"),
    "engine": _("scanner and its data"),
    "entries": _("entries"),
    "factor": _("by"),
    "file_name": _("file"),
    "fingerprint": _("fingerprint"),
    "found": _("found"),
    "full_name": _("full name"),
    "in_favour": _("in favour"),
    "is_adopted": _("adopted"),
    "is_tie": _("tie"),
    "issue": _("issue"),
    "issued_by": _("issuing body"),
    "issued_on": _("date"),
    "kind": _("kind"),
    "language": _("language"),
    "last_day": _("last day"),
    "late": _("late"),
    "lead_agency": _("lead agency"),
    "made_with": _("made with"),
    "manifest": _("SHA-256 of the list of files"),
    "members": _("members"),
    "methods": _("by"),
    "needed": _("needed"),
    "note": _("note"),
    "notes": _("notes"),
    "number": _("number"),
    "organisation": _("organisation"),
    "other": _("of other opinion"),
    "pages": _("pages"),
    "paper": _("paper"),
    "papers": _("papers"),
    "person": _("person"),
    "phone": _("telephone"),
    "place": _("place"),
    "position": _("answer"),
    "proposal": _("proposal"),
    "question": _("question"),
    "questions": _("questions"),
    "readers": _("named readers"),
    "reason": _("reason"),
    "receipt": _("receipt"),
    "recognised": _("pages read off pictures"),
    "resolution": _("resolution"),
    "results": _("results"),
    "role": _("office"),
    "roles": _("offices"),
    "rule_set": _("rule set"),
    "section": _("section"),
    "sha256": _("SHA-256"),
    "signatures": _("signatures"),
    "signer": _("signer"),
    "silent": _("silent"),
    "silent_agree": _("the silent agree"),
    "since": _("from"),
    "size": _("bytes"),
    "sought": _("searched for"),
    "subject": _("subject"),
    "target": _("object"),
    "task": _("work"),
    "text_sha256": _("SHA-256 of the text"),
    "text_size": _("text size"),
    "title": _("name of the paper"),
    "to": _("readers"),
    "trust_store": _("trusted certificates"),
    "until": _("until"),
    "urgency": _("urgency"),
    "username": _("user name"),
    "valid_from": _("from"),
    "verdict": _("verdict"),
}

# The codes of apps above in plain words; what has none here is shown as it is.
CODES: dict[str, dict[str, str | Promise]] = {
    "branch": {
        "a": _("no majority"),
        "b": _("majority, no other opinion"),
        "c": _("majority, with other opinions"),
    },
    "counts_as": {
        "agrees": _("agreement with the lead agency's proposal"),
        "nothing": _("no side"),
    },
    "factor": {
        "password": _("password"),
        "totp": _("authenticator app"),
        "webauthn": _("passkey"),
        "recovery_codes": _("recovery code"),
    },
    "methods": {
        "password": _("password"),
        "mfa": _("second step"),
        "password_reset": _("link in a mail"),
    },
    "position": {
        "agree": _("agree"),
        "disagree": _("disagree"),
        "other": _("other opinion"),
        "abstain": _("abstain"),
    },
    "role": {
        "chair": _("Chair"),
        "vice_chair": _("Vice chair"),
        "member": _("Member"),
        "assistant": _("Assistant of a member"),
        "secretary": _("Secretary of the office"),
        "archivist": _("Archivist"),
        "administrator": _("Administrator"),
        "auditor": _("Auditor"),
        "submitter": _("Officer of a lead agency"),
    },
    "verdict": {
        "valid": _("valid"),
        "undecided": _("cannot be decided yet"),
        "invalid": _("invalid"),
        "destroyed": _("signature destroyed"),
        "unsigned": _("not signed"),
        "unverifiable": _("could not be checked"),
    },
    "because": {
        "secret": _("secrecy marking"),
    },
    "task": {
        "opinions.tasks.render_synthesis": _("synthesis"),
        "decisions.tasks.render_resolution": _("resolution"),
    },
}

ACTORS: dict[str, str | Promise] = {
    "clock": _("The clock of the system"),
    "worker": _("A worker of the system"),
}


def tell_action(action: str) -> str:
    return str(SENTENCES.get(action, action))


def tell_actor(name: str, pk: int | None) -> str:
    return name if pk is not None else str(ACTORS.get(name, name))


def tell_event(event: Any) -> list[tuple[str, str]]:
    """What the entry tells; of a sealed one, only from when on it can be read."""
    if event.is_sealed:
        return [(gettext("sealed until"), f"{timezone.localtime(event.sealed_until):%H:%M, %d/%m/%Y}")]
    return tell_facts(event.details)


def tell_facts(details: dict[str, Any]) -> list[tuple[str, str]]:
    """The details as label and words, nested ones on one line."""
    return [
        (str(FACTS.get(key, key)), _word(key, value))
        for key, value in details.items()
        if not _is_empty(value)
    ]


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _word(key: str, value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{label}: {words}" for label, words in tell_facts(value))
    if isinstance(value, list):
        return " · ".join(_word(key, one) for one in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if key == "roles":  # "chair: Chính phủ"
        role, colon, body = str(value).partition(": ")
        return f"{CODES['role'].get(role, role)}{colon}{body}"
    return str(CODES.get(key, {}).get(value, value))
