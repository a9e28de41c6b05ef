"""How django-allauth behaves in an office."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody registers herself: accounts are made by the administrator."""
        return False
