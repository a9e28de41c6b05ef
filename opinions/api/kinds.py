"""The kinds of request for other systems: to be read."""

from typing import Any

from rest_framework import viewsets

from opinions.kinds_serializers import KindOut
from opinions.models import RequestKind


class KindViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = KindOut
    queryset = RequestKind.objects.none()

    def get_queryset(self) -> Any:
        kinds = RequestKind.objects.visible_to(self.request.user).prefetch_related("answer_classes")
        return kinds.order_by("body", "place", "pk")
