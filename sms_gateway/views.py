"""The webhook: verify, parse, receive, answer. 5xx only when the message is not kept."""

import logging

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import Forbidden, Malformed
from sms_gateway.receiving import NotStored, receive_message

logger = logging.getLogger("headlamp.sms")


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str, token: str = "") -> HttpResponse:
    """A delivery by a provider: 403 when it is not the provider's, 400 when it is no message."""
    gateway = PROVIDERS.get(provider)
    if gateway is None or not gateway.is_enabled() or gateway.has_token != bool(token):
        raise Http404
    try:
        gateway.verify(request, token)
        reply = receive_message(gateway.parse(request))
    except Forbidden:
        return HttpResponseForbidden()
    except Malformed as error:
        return HttpResponseBadRequest(error.field, content_type="text/plain")
    except NotStored as error:
        logger.error("a message from %s was not stored: %s", provider, error)
        return HttpResponse(status=503)
    return gateway.response(reply.text if reply else None)
