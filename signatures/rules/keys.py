"""Whose key is whose: a certificate is claimed by its holder, who proves that she has the key, and confirmed
by an administrator, who knows whom it names."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.actors import is_worker
from core.workflow import Rule, Rulebook, any_of
from people.rules import Role, administers_person


class KeyWay(models.TextChoices):
    """Where the private key lives, and so how it is asked to sign."""

    TOKEN = "token", _("token on the signer's own computer")
    REMOTE = "remote", _("remote signing service")
    BROWSER = "browser", _("key file opened in the browser")
    SERVER = "server", _("security module of the house")


class CertificateStatus(models.TextChoices):
    UNPROVEN = "unproven", _("the key has not answered yet")
    CLAIMED = "claimed", _("waiting for the administrator")
    REGISTERED = "registered", _("registered")
    ENDED = "ended", _("ended")


def is_holder(user: Any, certificate: Any) -> bool:
    return certificate.holder_id is not None and certificate.holder_id == user.pk


def administers_holder(user: Any, certificate: Any) -> bool:
    """The administrator of the person; of a seal, of a body that the organisation serves."""
    if certificate.holder_id is not None:
        return administers_person(user, certificate.holder) and user.pk != certificate.holder_id
    return user.holds(Role.ADMINISTRATOR) and certificate.serves_a_body_of(user)


def is_seal_of_a_body(user: Any, certificate: Any) -> bool:
    return certificate.holder_id is None and administers_holder(user, certificate)


def is_within_validity(certificate: Any) -> str | None:
    if certificate.is_in_validity:
        return None
    return gettext("The certificate is not valid today: it begins on %(start)s and ends on %(end)s.") % {
        "start": f"{certificate.not_before:%d/%m/%Y}",
        "end": f"{certificate.not_after:%d/%m/%Y}",
    }


def challenge_is_fresh(certificate: Any) -> str | None:
    if certificate.challenge_ends_at is not None and certificate.challenge_ends_at > clock.now():
        return None
    return gettext("The time to prove the key has run out. Begin again.")


SIGNING_CERTIFICATE = Rulebook(
    initial=CertificateStatus.UNPROVEN,
    rules={
        "begin_claim": Rule(
            any_of(is_holder, is_seal_of_a_body),
            when={CertificateStatus.UNPROVEN},
            guards=(is_within_validity,),
        ),
        "claim_certificate": Rule(
            any_of(is_holder, is_worker),
            when={CertificateStatus.UNPROVEN},
            then=CertificateStatus.CLAIMED,
            guards=(is_within_validity, challenge_is_fresh),
        ),
        "confirm_certificate": Rule(
            administers_holder,
            when={CertificateStatus.CLAIMED},
            then=CertificateStatus.REGISTERED,
            guards=(is_within_validity,),
        ),
        "end_certificate": Rule(
            any_of(is_holder, administers_holder),
            when={CertificateStatus.UNPROVEN, CertificateStatus.CLAIMED, CertificateStatus.REGISTERED},
            then=CertificateStatus.ENDED,
        ),
    },
)

IMAGE = Rulebook(initial=None, rules={"register_image": Rule(any_of(is_holder, administers_holder))})


def sees_signing_certificate(user: Any) -> Q:
    """One's own; an administrator those of her people and of the organisations that serve her bodies."""
    bodies = user.body_ids(Role.ADMINISTRATOR)
    return (
        Q(holder=user.pk)
        | Q(holder__appointments__body__in=bodies)
        | Q(organisation__bodies_served__in=bodies)
    )


def sees_image(user: Any) -> Q:
    return sees_signing_certificate(user)
