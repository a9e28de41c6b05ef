"""Signing for other systems: papers on their way, what a key is to sign, what it has made. The same rules."""

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.fields import empty
from rest_framework.request import Request
from rest_framework.response import Response

from people.models import Appointment
from signatures import actions
from signatures.keys.orders import write_order
from signatures.models import Signature, SigningCertificate, SigningRequest, SigningStep
from signatures.rules import SIGNING_REQUEST, SIGNING_STEP
from signatures.signing_forms import ValueForm

LARGEST_VALUE = 4096  # characters of Base64: RSA-16384 needs fewer


class ListedStepOut(serializers.ModelSerializer):
    signer = serializers.CharField(source="__str__", read_only=True)
    stands_in_for: Any = serializers.StringRelatedField(read_only=True)

    class Meta:
        model = SigningStep
        fields: tuple[str, ...] = (
            "id",
            "place",
            "signer",
            "stands_in_for",
            "mark",
            "status",
            "refused_because",
            "settled_at",
        )
        read_only_fields = fields


class StepOut(ListedStepOut):
    allowed = serializers.SerializerMethodField()

    class Meta(ListedStepOut.Meta):
        fields = (*ListedStepOut.Meta.fields, "allowed")
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed(self, step: SigningStep) -> list[str]:
        return SIGNING_STEP.allowed(self.context["request"].user, step)


class ListedSigningOut(serializers.ModelSerializer):
    title = serializers.CharField(source="__str__", read_only=True)
    steps = ListedStepOut(many=True, read_only=True)
    file = serializers.HyperlinkedIdentityField(view_name="signatures:download_signing")

    class Meta:
        model = SigningRequest
        fields: tuple[str, ...] = (
            "id",
            "title",
            "version",
            "purpose",
            "status",
            "requested_by_name",
            "requested_at",
            "due_at",
            "ended_at",
            "ended_because",
            "sha256",
            "size",
            "result",
            "file",
            "steps",
        )
        read_only_fields = fields


class SigningOut(ListedSigningOut):
    steps = StepOut(many=True, read_only=True)
    allowed = serializers.SerializerMethodField()

    class Meta(ListedSigningOut.Meta):
        fields = (*ListedSigningOut.Meta.fields, "allowed")
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed(self, signing: SigningRequest) -> list[str]:
        signing.reason_given = "-"  # given with the deed
        return SIGNING_REQUEST.allowed(self.context["request"].user, signing)


class OrderOut(serializers.Serializer):
    """What a key is to sign: `to_sign` as it stands, with `digest`."""

    signature = serializers.IntegerField()
    to_sign = serializers.CharField(help_text="Base64 of the DER of the signed attributes (RFC 5652, 5.4).")
    sha256 = serializers.CharField(help_text="Of the file that is shown to the signer.")
    digest = serializers.ChoiceField(["sha256", "sha384"])
    message_digest = serializers.CharField()
    certificate = serializers.CharField(help_text="Base64 of the DER.")
    title = serializers.CharField()
    signer = serializers.CharField()
    expires_at = serializers.DateTimeField()


class SignatureOut(serializers.ModelSerializer):
    request = serializers.IntegerField(source="step.request_id", read_only=True, default=None)
    waits_for_timestamp = serializers.BooleanField(read_only=True)

    class Meta:
        model = Signature
        fields = (
            "id",
            "request",
            "status",
            "document_sha256",
            "prepared_at",
            "expires_at",
            "signed_at",
            "timestamp_at",
            "waits_for_timestamp",
        )
        read_only_fields = fields


class CertificateIn(serializers.Serializer):
    certificate = serializers.PrimaryKeyRelatedField(queryset=SigningCertificate.objects.none())

    def __init__(self, instance: Any = None, data: Any = empty, **kwargs: Any) -> None:
        """Of one's own certificates only: another's number says nothing here."""
        super().__init__(instance, data, **kwargs)
        user = self.context["request"].user if "request" in self.context else None
        if user is not None:
            own = SigningCertificate.objects.usable().filter(holder=user)
            step: SigningStep | None = self.context.get("step")
            if step is not None and step.organisation_id is not None:
                own = SigningCertificate.objects.usable().filter(organisation=step.organisation_id)
            self.fields["certificate"].queryset = own  # type: ignore[attr-defined]


class SigningReasonIn(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class StandInIn(serializers.Serializer):
    to = serializers.PrimaryKeyRelatedField(
        queryset=Appointment.objects.all(), help_text="The office of the stand-in, as the register names it."
    )


class ValueIn(serializers.Serializer):
    value = serializers.CharField(
        max_length=LARGEST_VALUE, help_text="Base64 of what the key made over `to_sign`; ECDSA in DER."
    )

    def validate_value(self, given: str) -> bytes:
        form = ValueForm({"value": given})
        if not form.is_valid():
            raise serializers.ValidationError([str(reason) for reason in form.errors["value"]])
        value: bytes = form.cleaned_data["value"]
        return value


def read(serializer: type[serializers.Serializer], request: Request, **context: Any) -> dict[str, Any]:
    """What was sent, in its right shape; anything else is 400."""
    sent = serializer(data=request.data, context={"request": request, **context})
    sent.is_valid(raise_exception=True)
    given: dict[str, Any] = sent.validated_data
    return given


def find_signings(user: Any) -> Any:
    steps = SigningStep.objects.select_related("signer__user", "organisation", "stands_in_for__user")
    found = SigningRequest.objects.visible_to(user).select_related("version__document__body")
    return found.prefetch_related(Prefetch("steps", steps.order_by("place", "pk"))).order_by("-pk")


class SigningViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = SigningOut
    queryset = SigningRequest.objects.none()

    def get_queryset(self) -> Any:
        return find_signings(self.request.user)

    def get_serializer_class(self) -> type[ListedSigningOut]:
        return ListedSigningOut if self.action == "list" else SigningOut

    @extend_schema(request=SigningReasonIn, responses=SigningOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Whoever asked takes the paper back."""
        actions.withdraw_signing(self.get_object(), by=request.user, **read(SigningReasonIn, request))
        return Response(self.get_serializer(self.get_object()).data)


class StepViewSet(viewsets.GenericViewSet):
    serializer_class = StepOut
    queryset = SigningStep.objects.none()

    def get_queryset(self) -> Any:
        steps = SigningStep.objects.select_related(
            "signer__user", "organisation", "stands_in_for__user", "request__version__document__body"
        )
        return steps.filter(request__in=SigningRequest.objects.visible_to(self.request.user))

    @extend_schema(request=CertificateIn, responses=OrderOut)
    @action(detail=True, methods=["post"])
    def prepare(self, request: Request, pk: str) -> Response:
        """The file gets an empty place; answers with what the key is to sign within ten minutes."""
        step = self.get_object()
        given = read(CertificateIn, request, step=step)
        signature = actions.prepare_signature(step, by=request.user, **given)
        order = write_order(
            signature.pk,
            to_sign=bytes(signature.to_sign),
            sha256=signature.document_sha256,
            certificate=signature.certificate,
            title=str(step.request),
            signer=str(request.user),
            expires_at=signature.expires_at,
        )
        return Response(OrderOut(order).data)

    @extend_schema(request=CertificateIn, responses=StepOut)
    @action(detail=True, methods=["post"])
    def seal(self, request: Request, pk: str) -> Response:
        """The seal is put on by a worker, with the key in the module."""
        step = self.get_object()
        actions.affix_seal(step, by=request.user, **read(CertificateIn, request, step=step))
        return self.answer_with(step)

    @extend_schema(request=SigningReasonIn, responses=StepOut)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        return self.answer_with(
            actions.refuse_signature(self.get_object(), by=request.user, **read(SigningReasonIn, request))
        )

    @extend_schema(request=StandInIn, responses=StepOut)
    @action(detail=True, methods=["post"], url_path="pass")
    def pass_on(self, request: Request, pk: str) -> Response:
        return self.answer_with(
            actions.pass_signature(self.get_object(), by=request.user, **read(StandInIn, request))
        )

    def answer_with(self, step: SigningStep) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=step.pk)).data)


class SignatureViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    serializer_class = SignatureOut
    queryset = Signature.objects.none()

    def get_queryset(self) -> Any:
        return Signature.objects.visible_to(self.request.user).select_related("step__request", "certificate")

    @extend_schema(request=ValueIn, responses=SignatureOut)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        """Takes what the key has made, when it fits the registered certificate."""
        given = read(ValueIn, request)
        signature = actions.complete_signature(self.get_object(), by=request.user, **given)
        return Response(self.get_serializer(signature).data)
