"""Print a fresh secret key and a fresh encryption key, in the form of an .env file. Needs only Python."""

import base64
import secrets
from datetime import UTC, datetime

name = datetime.now(UTC).strftime("k%Y%m%d")
print(f"HEADLAMP_SECRET_KEY={secrets.token_urlsafe(50)}")
print(f"HEADLAMP_KEYS={name}:{base64.b64encode(secrets.token_bytes(32)).decode()}")
