"""The mail that invites a new colleague, and the end of old sessions."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from celery import shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from core import work
from core.queue import enqueue
from people.models import Invitation, User


@shared_task
def invite(invitation_id: int) -> None:
    """The link is made here and stored nowhere: it opens the account."""
    invitation = work.claim(Invitation.objects.select_related("user"), invitation_id)
    if invitation is None:
        return
    if not invitation.user.is_active:
        work.fail(invitation, "account_closed")
        return
    try:
        _send(invitation.user)
    except OSError as error:
        work.put_back(invitation, type(error).__name__)
    else:
        work.finish(invitation)


@shared_task
def hand_in_invitations() -> None:
    """Each minute: what the broker or a worker lost."""
    for pk in Invitation.objects.stalled().values_list("pk", flat=True):
        enqueue("people.tasks.invite", pk)


@shared_task
def forget_sessions() -> None:
    """Each night: sessions that have run out, and the devices that were signed in by them."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def _send(user: User) -> None:
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    link = settings.SITE_URL.rstrip("/") + reverse("account_reset_password_from_key", kwargs=key)
    context = {"recipient": user, "link": link, "site_url": settings.SITE_URL}
    with translation.override(user.language):
        mail = EmailMultiAlternatives(
            render_to_string("mail/people/invitation.subject.txt", context).strip(),
            render_to_string("mail/people/invitation.txt", context),
            to=[user.email],
        )
        mail.attach_alternative(render_to_string("mail/people/invitation.html", context), "text/html")
    mail.send()
