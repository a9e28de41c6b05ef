"""What an answer must be, to be signed with one's own key."""

from typing import Any

from django.utils.translation import gettext

from opinions.rules.states import SheetStanding, SignatureState, SigningRule


def may_be_signed(slip: Any) -> str | None:
    """A secret ballot is never signed: a signature would tell whose it is."""
    if slip.request.is_secret or slip.request.kind.signing == SigningRule.NONE:
        return gettext("Answers to this request are not signed.")
    return None


def needs_no_signature(slip: Any) -> str | None:
    if not slip.request.is_secret and slip.request.kind.signing == SigningRule.REQUIRED:
        return gettext("Answers to this request are signed with a key. Choose “Sign and send”.")
    return None


def signature_has_come(slip: Any) -> str | None:
    """Only what the key has signed a moment ago is counted so."""
    if slip.signed_sheet is None:
        return gettext("This answer is not signed.")
    return answer_is_as_prepared(slip.signed_sheet)


def answer_is_as_prepared(sheet: Any) -> str | None:
    """She signs what she saw: neither her own later words nor another dossier."""
    if sheet.standing != SheetStanding.TO_SIGN:
        return gettext("You have begun another answer since this one was made ready. Nothing was signed.")
    if sheet.is_overtaken:
        return gettext(
            "The dossier has changed since this answer was made ready. Look at it, then make your answer "
            "ready once more. Nothing was signed."
        )
    return None


def signature_does_not_hold(slip: Any) -> str | None:
    if slip.current_sheet.signature_state != SignatureState.BROKEN:
        return gettext("The signature over this answer is not broken.")
    return None
