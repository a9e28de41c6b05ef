"""The register of stand-ins for other systems."""

from typing import Any

from rest_framework import mixins, viewsets

from people.models import Delegation
from people.serializers import DelegationOut


class DelegationViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Who stands in for whom, by which order, and whether it holds still."""

    serializer_class = DelegationOut
    queryset = Delegation.objects.none()

    def get_queryset(self) -> Any:
        return Delegation.objects.visible_to(self.request.user).shown()
