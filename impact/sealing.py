"""Secrets at rest: values sealed to the installation's key, and keyed fingerprints to find them by.

The keys come from HEADLAMP_KEYS and never from the database, so a stolen database tells no number.
Sealed boxes are libsodium's (X25519, XSalsa20-Poly1305); fingerprints are keyed BLAKE2b (RFC 7693).
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

SEED_BYTES = 32


class UnsealError(Exception):
    """A sealed value that none of the configured keys opens."""


@dataclass(frozen=True, slots=True)
class Key:
    name: str
    seed: bytes

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose, so that no two uses share one."""
        return hashlib.blake2b(purpose.encode(), digest_size=SEED_BYTES, key=self.seed).digest()


def parse_keys(value: str) -> tuple[Key, ...]:
    """Read `name:base64,name:base64`, the current key first.

    Raises ImproperlyConfigured, naming HEADLAMP_KEYS but never printing the value.
    """
    keys = []
    for part in filter(None, (piece.strip() for piece in value.split(","))):
        name, _, encoded = part.partition(":")
        try:
            seed = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            seed = b""
        if not name or len(seed) != SEED_BYTES:
            raise ImproperlyConfigured("HEADLAMP_KEYS: each key is name:base64 of 32 random bytes")
        keys.append(Key(name, seed))
    if not keys:
        raise ImproperlyConfigured("HEADLAMP_KEYS: at least one key is needed; `make keys` prints one")
    if len({key.name for key in keys}) != len(keys):
        raise ImproperlyConfigured("HEADLAMP_KEYS: two keys have the same name")
    return tuple(keys)


def keys() -> tuple[Key, ...]:
    return _parsed(settings.HEADLAMP_KEYS)


@cache
def _parsed(value: str) -> tuple[Key, ...]:
    return parse_keys(value)


@cache
def _private_key(key: Key) -> PrivateKey:
    return PrivateKey(key.derive("seal"))


def seal(plain: str) -> str:
    """Seal a text to the current key; the result names the key, so that keys can be rotated."""
    current = keys()[0]
    sealed = SealedBox(_private_key(current).public_key).encrypt(plain.encode())
    return f"{current.name}:{base64.b64encode(sealed).decode()}"


def unseal(sealed: str) -> str:
    """Open what `seal` made. Raises UnsealError for a foreign key or an altered value, never garbage."""
    name, _, encoded = sealed.partition(":")
    key = next((key for key in keys() if key.name == name), None)
    if key is None:
        raise UnsealError(f"no key called {name!r} in HEADLAMP_KEYS")
    try:
        return SealedBox(_private_key(key)).decrypt(base64.b64decode(encoded)).decode()
    except (CryptoError, binascii.Error, ValueError) as error:
        raise UnsealError("the value was altered or sealed with another key") from error


def fingerprint(value: str, purpose: str) -> str:
    """A keyed digest (64 hex digits): equal for equal values, and useless without the key.

    The last key listed is used, so that adding a new key in front does not lose anybody.
    """
    return hashlib.blake2b(value.encode(), digest_size=32, key=keys()[-1].derive(purpose)).hexdigest()
