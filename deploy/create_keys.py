"""Print a fresh secret key and a fresh encryption key, in the form of an .env file. Needs only Python."""

import base64
import secrets
from datetime import UTC, datetime

name = datetime.now(UTC).strftime("k%Y%m%d")
print(f"HEADLAMP_SECRET_KEY={secrets.token_urlsafe(50)}")
# Two seeds of 32 bytes: one opens what is sealed, the other finds. `manage.py public_keys` parts them.
print(f"HEADLAMP_KEYS={name}:{base64.b64encode(secrets.token_bytes(64)).decode()}")
