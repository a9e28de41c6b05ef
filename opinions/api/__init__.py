"""The written procedure for other systems."""

from opinions.api.kinds import KindViewSet
from opinions.api.lists import SavedViewViewSet
from opinions.api.requests import RequestViewSet
from opinions.api.results import RemarkViewSet
from opinions.api.slips import SlipViewSet

__all__ = ["KindViewSet", "RemarkViewSet", "RequestViewSet", "SavedViewViewSet", "SlipViewSet"]
