"""Calling a provider's API over HTTP: what fails is told apart, and no address or body is ever told."""

from typing import Any

import requests

from sms_gateway.providers.contract import SendError

TIMEOUT_S = 10.0
NOT_IMPLEMENTED = 501
# Settings, a proxy on the way (407) or pace, and not the message: worth another try, of any provider.
OUR_FAULT = {401, 403, 407, 408, 425, 429}
# Whoever answered may not be who was asked, and the one asked may have done it all the same.
IN_DOUBT = {500, 502, 504}


def call(
    name: str, method: str, url: str, *, accepted: tuple[int, ...] = (), **arguments: Any
) -> requests.Response:
    """The answer to a request, 2xx or of `accepted`. Raises SendError; redirects are not followed."""
    try:
        answer = requests.request(method, url, timeout=TIMEOUT_S, allow_redirects=False, **arguments)
    except requests.RequestException as error:
        raise SendError(type(error).__name__, permanent=False, in_doubt=True) from None
    status = answer.status_code
    if status in accepted or 200 <= status < 300:
        return answer
    raise SendError(f"{name} {status}", permanent=is_lasting(status), in_doubt=status in IN_DOUBT)


def is_lasting(status: int) -> bool:
    """Whether another try would fare no better: the request is wrong, or the server does no such things."""
    return (400 <= status < 500 and status not in OUR_FAULT) or status == NOT_IMPLEMENTED


def json_of(name: str, answer: requests.Response) -> dict[str, Any]:
    """The JSON object in an answer. Raises SendError for anything else."""
    try:
        content = answer.json()
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise SendError(f"{name} makes no sense", permanent=False, in_doubt=True)
    return content
