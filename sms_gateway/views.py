"""The webhooks: verify, parse, receive, answer. 5xx only when the message is not kept."""

import logging
from collections.abc import Callable

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseNotAllowed,
)
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from sms_gateway.delivery import take_update
from sms_gateway.inbound import InboundSms
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import Forbidden, Malformed, Provider
from sms_gateway.receiving import NotStored, receive_message

logger = logging.getLogger("headlamp.sms")


@csrf_exempt
def receive(request: HttpRequest, provider: str, token: str = "") -> HttpResponse:
    """A delivery by a provider: 403 when it is not the provider's, 400 when it is no message."""
    return _answer(request, provider, token, _take)


@csrf_exempt
def receive_status(request: HttpRequest, provider: str, token: str = "") -> HttpResponse:
    """A delivery report about a message of ours."""
    return _answer(request, provider, token, _take_status)


def _answer(
    request: HttpRequest, name: str, token: str, take: Callable[[Provider, HttpRequest], HttpResponse]
) -> HttpResponse:
    provider = PROVIDERS.get(name)
    if provider is None or not provider.has_webhook or not provider.is_enabled():
        raise Http404
    if provider.has_token != bool(token):
        raise Http404
    if request.method not in provider.methods:
        return HttpResponseNotAllowed(provider.methods)
    try:
        provider.verify(request, token)
        return take(provider, request)
    except Forbidden:
        return HttpResponseForbidden()
    except Malformed as error:
        return HttpResponseBadRequest(error.field, content_type="text/plain")
    except UnreadablePostError:
        return HttpResponseBadRequest("body", content_type="text/plain")
    except NotStored as error:
        logger.error("what %s delivered was not stored: %s", name, error)
        return HttpResponse(status=503)


def _take(provider: Provider, request: HttpRequest) -> HttpResponse:
    reply_text = None
    for event in provider.parse(request):
        if isinstance(event, InboundSms):
            reply = receive_message(event)
            reply_text = reply.text if reply else reply_text
        else:
            take_update(event)
    return provider.response(reply_text)


def _take_status(provider: Provider, request: HttpRequest) -> HttpResponse:
    for update in provider.parse_delivery(request):
        take_update(update)
    return provider.delivery_response()
