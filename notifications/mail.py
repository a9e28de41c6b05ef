"""A notice as an e-mail, in the language of its recipient: where to look, and no content of papers."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
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
