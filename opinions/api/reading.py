"""Reading what another system sends."""

from typing import Any

from rest_framework.request import Request
from rest_framework.serializers import Serializer


def read(serializer: type[Serializer], request: Request, **context: Any) -> dict[str, Any]:
    """What was sent, in its right shape; anything else is 400."""
    sent = serializer(data=request.data, context={"request": request, **context})
    sent.is_valid(raise_exception=True)
    return sent.validated_data
