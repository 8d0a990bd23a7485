"""Pictures and recordings that lie at Twilio: fetched with our credentials, followed to its store without.

https://www.twilio.com/docs/messaging/api/media-resource
"""

import base64

from impact.operations.outward.calling import CallError, origin_of
from impact.operations.outward.fetching import fetch
from sms_gateway.providers.calling import OUR_FAULT
from sms_gateway.providers.contract import MediaError

API = "https://api.twilio.com"
LIMIT_S = 120.0  # for a picture and all that it is sent on to, over a slow line
QUIET_S = 10.0


def fetch_at_twilio(url: str, *, base: str, account: str, token: str, limit_bytes: int) -> bytes:
    """The content behind a media address of Twilio's. `base` stands in for its API where one is set.
    Raises MediaError."""
    # Our credentials go to Twilio and nowhere else, whatever a message says.
    if not url.startswith(f"{API}/"):
        raise MediaError("not at twilio", permanent=True)
    base = base.rstrip("/")
    try:
        fetched = fetch(
            (base or API) + url.removeprefix(API),
            limit_bytes=limit_bytes,
            limit_s=LIMIT_S,
            quiet_s=QUIET_S,
            authorization=f"Basic {base64.b64encode(f'{account}:{token}'.encode()).decode()}",
            home=origin_of(base),
        )
    except CallError as error:
        raise MediaError(error.kind, permanent=error.kind == "too large") from None
    if fetched.status != 200:
        passing = fetched.status >= 500 or fetched.status in OUR_FAULT
        raise MediaError(f"twilio {fetched.status}", permanent=not passing)
    return fetched.content
