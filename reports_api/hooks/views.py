"""`/api/v1/webhooks/`: a partner's program says where it wants to be told what becomes public."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from impact.operations.outward.addresses import UnsafeAddress, check_address
from impact.publication.announcing import PublicEvent
from reports_api import paging
from reports_api.hooks import changing
from reports_api.hooks.announcing import queue_test
from reports_api.hooks.shapes import (
    DeliveryRecord,
    WebhookMade,
    WebhookPage,
    WebhookRecord,
    WebhookWithDeliveries,
    delivery_record,
    webhook_record,
    with_deliveries,
)
from reports_api.keys.authenticating import KeyedView, key_of, wrong_key
from reports_api.models import Scope, Webhook
from reports_api.reports import Utf8JSONParser
from reports_api.shapes import JSON_ONLY, PAGING, answers

_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)


class NotNow(exceptions.APIException):
    """What was asked does not go with the state in which it is."""

    status_code = HTTPStatus.CONFLICT


class WebhookSerializer(serializers.Serializer[Any]):
    """Where, and of what."""

    url = serializers.CharField(help_text="https, on the open Internet; at most 500 characters")
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=[str(event) for event in PublicEvent]),
        allow_empty=False,
        max_length=len(PublicEvent),
    )

    def validate_url(self, url: str) -> str:
        try:
            check_address(url)
        except UnsafeAddress as unsafe:
            raise serializers.ValidationError(str(unsafe)) from None
        return url

    def validate_events(self, events: list[str]) -> list[str]:
        return list(dict.fromkeys(events))


class WebhookChangeSerializer(WebhookSerializer):
    """What is to be another; `is_active: true` also begins anew where it was switched off."""

    is_active = serializers.BooleanField(required=False)


class SecretSerializer(serializers.Serializer[Any]):
    """How the secret is renewed."""

    overlap_hours = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=changing.MOST_OVERLAP_HOURS,
        default=changing.OVERLAP_HOURS,
        help_text="How long the secret before signs as well; 0 ends every earlier one at once",
    )


# No docstring: it would be read out as the description of every operation.
class HookView(KeyedView):
    parser_classes = (Utf8JSONParser,)
    scope = Scope.WEBHOOKS

    def handle_exception(self, exc: Exception) -> Response:
        return super().handle_exception(wrong_key() if isinstance(exc, changing.KeyRevoked) else exc)


class WebhookListView(HookView):
    parameters = paging.PARAMETERS

    @extend_schema(
        operation_id="listWebhooks",
        summary="The webhooks of the key’s organisation",
        parameters=[*PAGING, JSON_ONLY],
        responses=answers(WebhookPage, *_REFUSED),
    )
    def get(self, request: Request) -> Response:
        return Response(paging.page_of(_own(request), request).plain(webhook_record))

    @extend_schema(
        operation_id="addWebhook",
        summary="Be told at an address what becomes public",
        description="The secret by which deliveries are signed is in this answer and in no other.",
        request=WebhookSerializer,
        responses=answers(
            WebhookMade,
            *_REFUSED,
            HTTPStatus.CONFLICT,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            status=HTTPStatus.CREATED,
        ),
    )
    def post(self, request: Request) -> Response:
        given = _given(request, WebhookSerializer(data=request.data))
        try:
            webhook, secret = changing.add_webhook(key=key_of(request), **given)
        except changing.TooManyWebhooks:
            raise NotNow(
                _("At most %(most)s webhooks an organisation: remove one.") % {"most": changing.MOST}
            ) from None
        made: WebhookMade = {**webhook_record(webhook), "secret": secret}
        return Response(made, status=HTTPStatus.CREATED)


class WebhookView(HookView):
    @extend_schema(
        operation_id="getWebhook",
        summary="One webhook and its latest deliveries",
        parameters=[JSON_ONLY],
        responses=answers(WebhookWithDeliveries, *_REFUSED, HTTPStatus.NOT_FOUND),
    )
    def get(self, request: Request, webhook_id: UUID) -> Response:
        return Response(with_deliveries(_one(request, webhook_id)))

    @extend_schema(
        operation_id="changeWebhook",
        summary="Change its address or events, pause it or begin again",
        request=WebhookChangeSerializer,
        responses=answers(
            WebhookRecord,
            *_REFUSED,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ),
    )
    def patch(self, request: Request, webhook_id: UUID) -> Response:
        webhook = _one(request, webhook_id)
        given = _given(request, WebhookChangeSerializer(data=request.data, partial=True))
        return Response(
            webhook_record(changing.change_webhook(key=key_of(request), webhook=webhook, **given))
        )

    @extend_schema(
        operation_id="removeWebhook",
        summary="End it",
        responses={
            HTTPStatus.NO_CONTENT: OpenApiResponse(description="Removed"),
            **{
                key: answer
                for key, answer in answers(WebhookRecord, *_REFUSED, HTTPStatus.NOT_FOUND).items()
                if key[0] != HTTPStatus.OK
            },
        },
    )
    def delete(self, request: Request, webhook_id: UUID) -> Response:
        changing.remove_webhook(webhook=_one(request, webhook_id), key=key_of(request))
        return Response(status=HTTPStatus.NO_CONTENT)


class WebhookSecretView(HookView):
    @extend_schema(
        operation_id="renewWebhookSecret",
        summary="Give it a new secret",
        description="The new secret is in this answer and in no other. Deliveries carry a signature by each "
        "secret that signs, parted by spaces; the one before signs for `overlap_hours` more.",
        request=SecretSerializer,
        responses=answers(
            WebhookMade,
            *_REFUSED,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            status=HTTPStatus.CREATED,
        ),
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        webhook = _one(request, webhook_id)
        given = _given(request, SecretSerializer(data=request.data))
        try:
            webhook, secret = changing.renew_secret(key=key_of(request), webhook=webhook, **given)
        except changing.TooManySecrets:
            raise NotNow(
                _("%(most)s earlier secrets sign still: wait, or end them with overlap_hours 0.")
                % {"most": changing.MOST_EARLIER}
            ) from None
        made: WebhookMade = {**webhook_record(webhook), "secret": secret}
        return Response(made, status=HTTPStatus.CREATED)


class WebhookTestView(HookView):
    @extend_schema(
        operation_id="testWebhook",
        summary="Send it an event that tells nothing",
        description="Queued as any other: the webhook’s own address tells how it went.",
        request=None,
        responses=answers(
            DeliveryRecord, *_REFUSED, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, status=HTTPStatus.ACCEPTED
        ),
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        webhook = _one(request, webhook_id)
        if not webhook.is_active:
            raise NotNow(_("This webhook is switched off: make it active first."))
        return Response(delivery_record(queue_test(webhook, timezone.now())), status=HTTPStatus.ACCEPTED)


def _own(request: Request) -> Any:
    of_key = Webhook.objects.filter(organisation=key_of(request).organisation_id)
    return of_key.prefetch_related("earlier_secrets")


def _one(request: Request, webhook_id: UUID) -> Webhook:
    webhook: Webhook | None = _own(request).select_related("organisation").filter(pk=webhook_id).first()
    if webhook is None:
        raise Http404
    return webhook


def _given(request: Request, serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    unknown = sorted(set(request.data) - set(serializer.fields))
    if unknown:
        raise serializers.ValidationError({name: [_("There is no such field here.")] for name in unknown})
    return dict(serializer.validated_data)
