"""Signing in and out as the auditor sees it, by signals of Django and django-allauth: there is no other door.

A name or password that someone typed is never written down: of unknown accounts only the security log hears,
without the name.
"""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q

from audit import trail
from people.models import User

security = logging.getLogger("security")


def connect() -> None:
    """Called once, when Django starts."""
    user_logged_in.connect(_signed_in, dispatch_uid="people.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="people.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="people.failed")
    mfa.authentication_failed.connect(_failed_second_factor, dispatch_uid="people.failed_second_factor")
    for signal, action in (
        (account.password_changed, "people.change_password"),
        (account.password_set, "people.change_password"),
        (account.password_reset, "people.reset_password"),
        (mfa.authenticator_added, "people.add_second_factor"),
        (mfa.authenticator_removed, "people.remove_second_factor"),
        (mfa.authenticator_reset, "people.renew_recovery_codes"),
    ):
        signal.connect(_recorder(action), weak=False, dispatch_uid=f"{action} {id(signal)}")


ACTIONS = (
    "people.sign_in",
    "people.sign_out",
    "people.fail_sign_in",
    "people.change_password",
    "people.reset_password",
    "people.add_second_factor",
    "people.remove_second_factor",
    "people.renew_recovery_codes",
)


def _write(action: str, user: User, **details: Any) -> None:
    """In each body in which the person works, so that each auditor reads of it."""
    bodies: list[int | None] = [*sorted(user.body_ids())]
    for body_id in bodies or [user.body_id]:
        trail.record(action, by=user, on=user, body_id=body_id, **details)


def _signed_in(sender: Any, request: Any, user: User, **_: Any) -> None:
    methods = [way["method"] for way in request.session.get("account_authentication_methods", [])]
    _write("people.sign_in", user, methods=methods)


def _signed_out(sender: Any, request: Any, user: User | None, **_: Any) -> None:
    if user is not None:
        _write("people.sign_out", user)


def _failed(sender: Any, credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    typed = credentials.get("email") or credentials.get("username") or ""
    user = User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).first()
    if user is None:
        security.warning("A sign-in to an unknown account failed.")
    else:
        _write("people.fail_sign_in", user, factor="password")


def _failed_second_factor(sender: Any, user: User, authenticator: Any, **_: Any) -> None:
    _write("people.fail_sign_in", user, factor=str(authenticator.type))


def _recorder(action: str) -> Any:
    def record(sender: Any, user: User, authenticator: Any = None, **_: Any) -> None:
        details = {"factor": str(authenticator.type)} if authenticator else {}
        _write(action, user, **details)

    return record
