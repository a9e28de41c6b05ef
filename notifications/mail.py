"""A notice as an e-mail, in the language of its recipient: where to look, and no content of papers."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from notifications.models import Notification


def send(notice: Notification) -> None:
    recipient = notice.recipient
    site = settings.SITE_URL.rstrip("/")
    with translation.override(recipient.language):
        more = {"recipient": recipient, "site_url": site, "link": f"{site}{notice.url}"}
        mail = EmailMultiAlternatives(
            f"e-Cabinet: {' '.join(notice.write('subject.txt', **more).split())}",
            notice.write("txt", **more),
            to=[recipient.email],
        )
        mail.attach_alternative(notice.write("html", **more), "text/html")
    mail.send()


def send_checkpoint(note: str, addresses: Sequence[str]) -> None:
    """To mailboxes that keep what the trail's log has signed: for a reader with a program, in plain text."""
    site = settings.SITE_URL.rstrip("/")
    origin, size, root = note.split("\n")[:3]
    with translation.override(settings.LANGUAGE_CODE):
        words = {"note": note, "origin": origin, "size": size, "root": root, "site_url": site}
        subject = render_to_string("mail/audit/checkpoint.subject.txt", words)
        mail = EmailMessage(
            f"e-Cabinet: {' '.join(subject.split())}",
            render_to_string("mail/audit/checkpoint.txt", words),
            to=list(addresses),
        )
    mail.send()
