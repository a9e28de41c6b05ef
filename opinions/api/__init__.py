"""The written procedure for other systems."""

from opinions.api.lists import SavedViewViewSet
from opinions.api.requests import RequestViewSet
from opinions.api.slips import SlipViewSet

__all__ = ["RequestViewSet", "SavedViewViewSet", "SlipViewSet"]
