"""What surrounds an answer, for other systems."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from opinions import actions, rules
from opinions.api.reading import read
from opinions.entry_serializers import AttachmentIn, DissentIn, EntryIn
from opinions.serializers import SlipOut

FILES = [MultiPartParser, JSONParser]  # with the file, or with the id of one that was sent before


class EntryDeeds:
    @extend_schema(
        request={"multipart/form-data": AttachmentIn, "application/json": AttachmentIn}, responses=SlipOut
    )
    @action(detail=True, methods=["post"], parser_classes=FILES)
    def attach(self, request: Request, pk: str) -> Response:
        """Put a paper to what is going to be answered."""
        slip = self.get_object()
        rules.SLIP.check("attach_paper", request.user, slip)
        return self.answer_with(
            actions.attach_paper(slip, by=request.user, upload=read(AttachmentIn, request)["upload"])
        )

    @extend_schema(request=None, responses=SlipOut)
    @action(detail=True, methods=["post"])
    def detach(self, request: Request, pk: str) -> Response:
        """Answer without the paper."""
        return self.answer_with(actions.detach_paper(self.get_object(), by=request.user))

    @extend_schema(request=None, responses=SlipOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the answer back. It is kept and counts no more."""
        return self.answer_with(actions.withdraw_answer(self.get_object(), by=request.user))

    @extend_schema(request=DissentIn, responses=SlipOut)
    @action(detail=True, methods=["post"])
    def dissent(self, request: Request, pk: str) -> Response:
        """Reserve a differing opinion."""
        slip = self.get_object()
        return self.answer_with(actions.reserve_dissent(slip, by=request.user, **read(DissentIn, request)))

    @extend_schema(request={"multipart/form-data": EntryIn, "application/json": EntryIn}, responses=SlipOut)
    @action(detail=True, methods=["post"], parser_classes=FILES)
    def enter(self, request: Request, pk: str) -> Response:
        """Enter, for the member, what came on paper or by telephone."""
        slip = self.get_object()
        rules.SLIP.check("enter_answer", request.user, slip)
        return self.answer_with(
            actions.enter_answer(slip, by=request.user, **read(EntryIn, request, slip=slip))
        )
