"""What sessions do on news from below."""

from meetings import actions
from opinions.events import RequestReferredToSession
from opinions.models import OpinionRequest
from people.models import User


def take_up_request(event: RequestReferredToSession) -> None:
    """In the same act: nobody has to remember to put the matter on an agenda."""
    opinion_request = OpinionRequest.objects.select_related("body", "lead_agency", "dossier").get(
        pk=event.request_id
    )
    actions.take_up_request(opinion_request, by=User.objects.get(pk=event.by_id))
