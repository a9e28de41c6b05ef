"""Sentences about comparisons."""

from django.utils.translation import gettext, ngettext

from documents.refusals import SENTENCES

KIND_WORDS = {
    "added": lambda count: ngettext("%(count)s added", "%(count)s added", count),
    "removed": lambda count: ngettext("%(count)s removed", "%(count)s removed", count),
    "replaced": lambda count: ngettext("%(count)s replaced", "%(count)s replaced", count),
    "moved": lambda count: ngettext("%(count)s moved", "%(count)s moved", count),
}


def word_counts(counts: dict[str, int]) -> str:
    """12 changes: 5 added, 4 removed, 3 replaced."""
    total = sum(counts.values())
    if not total:
        return gettext("No change in the text.")
    whole = ngettext("%(count)s change", "%(count)s changes", total) % {"count": total}
    parts = [KIND_WORDS[kind](count) % {"count": count} for kind, count in counts.items() if count]
    return f"{whole}: {', '.join(parts)}"


def word_failure(code: str) -> str:
    """Why there is no comparison, and what one can do."""
    if code == "no_text":
        return gettext(
            "One of the two papers has no text, only pictures. Once its text has been read, try again."
        )
    if code == "no_view":
        return gettext("One of the two papers cannot be shown page by page, so its text cannot be compared.")
    if code in SENTENCES and code != "worker_lost":
        return str(SENTENCES[code])
    return gettext("The comparison broke off. Try again; if that does not help, call the secretariat.")
