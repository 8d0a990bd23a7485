"""Secrets at rest: values sealed to the installation's key, and keyed fingerprints to find them by.

The keys come from HEADLAMP_KEYS and never from the database, so a stolen database tells no number.
Sealed boxes are libsodium's (X25519, XSalsa20-Poly1305); fingerprints are keyed BLAKE2b (RFC 7693).

A key has two halves, one that opens and one that finds. A host that only receives holds the public
form (`name:pub:…`): it seals and finds, and opens nothing.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey

SEED_BYTES = 32


class UnsealError(Exception):
    """A sealed value that none of the configured keys opens."""


@dataclass(frozen=True, slots=True)
class Key:
    """A named key. `opening` is the seed of the private half, empty on a host that must not open."""

    name: str
    finding: bytes = field(repr=False)
    opening: bytes = field(repr=False, default=b"")
    public: bytes = field(repr=False, default=b"")

    @property
    def can_open(self) -> bool:
        return bool(self.opening)

    @property
    def can_part(self) -> bool:
        """Whether its public form tells nothing of the private half: keys of 32 bytes are both in one."""
        return self.opening != self.finding

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose, so that no two uses share one."""
        return _derive(self.finding, purpose)

    def private_key(self) -> PrivateKey:
        """The half that opens. Raises UnsealError on a host that does not hold it."""
        if not self.opening:
            raise UnsealError(f"the private half of key {self.name!r} is not on this host")
        return _private_key(self)

    def signing_key(self) -> SigningKey:
        """The Ed25519 key (RFC 8032) by which what leaves the house is signed.

        From the half that opens alone: a host that only receives can't sign. Raises UnsealError there.
        """
        if not self.opening:
            raise UnsealError(f"the private half of key {self.name!r} is not on this host")
        return SigningKey(_derive(self.opening, "sign exports"))

    def public_key(self) -> PublicKey:
        return PublicKey(self.public) if self.public else _private_key(self).public_key

    def public_form(self) -> str:
        """What a host that only receives is given. Raises ValueError for a key that can't be parted."""
        if not self.can_part:
            raise ValueError(f"key {self.name!r} is of the old form, one half of which tells the other")
        return f"{self.name}:pub:{base64.b64encode(bytes(self.public_key()) + self.finding).decode()}"

    def identity(self) -> str:
        """Sixteen hex digits that tell which key it is and nothing of what it does."""
        return hashlib.blake2b(bytes(self.public_key()), digest_size=8).hexdigest()


def parse_keys(value: str) -> tuple[Key, ...]:
    """Read `name:base64,name:base64`, the current key first.

    64 bytes are the two halves, 32 (the form of before) are both at once; `name:pub:base64` is the public
    form. Raises ImproperlyConfigured, naming HEADLAMP_KEYS but never printing the value.
    """
    keys = [_parse_key(piece) for part in value.split(",") if (piece := part.strip())]
    if not keys:
        raise ImproperlyConfigured("HEADLAMP_KEYS: at least one key is needed; `make keys` prints one")
    if len({key.name for key in keys}) != len(keys):
        raise ImproperlyConfigured("HEADLAMP_KEYS: two keys have the same name")
    return tuple(keys)


def _parse_key(part: str) -> Key:
    name, _, encoded = part.partition(":")
    is_public = encoded.startswith("pub:")
    try:
        content = base64.b64decode(encoded.removeprefix("pub:"), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    first, second = content[:SEED_BYTES], content[SEED_BYTES:]
    if name and len(content) == 2 * SEED_BYTES:
        return Key(name, second, public=first) if is_public else Key(name, second, opening=first)
    if name and len(content) == SEED_BYTES and not is_public:
        return Key(name, content, opening=content)
    # "from None" and no value: a start that fails is printed, and read by who should not see a key.
    raise ImproperlyConfigured(
        "HEADLAMP_KEYS: each key is name:base64 of 64 (or 32) random bytes, or the public form of one"
    ) from None


def keys() -> tuple[Key, ...]:
    return _parsed(settings.HEADLAMP_KEYS)


@cache
def _parsed(value: str) -> tuple[Key, ...]:
    return parse_keys(value)


def can_open() -> bool:
    """Whether this host can read what it seals: the private half of the current key is here."""
    return keys()[0].can_open


def signing_key() -> SigningKey:
    """What signs now: of the current key. Raises UnsealError on a host that holds no private half."""
    return keys()[0].signing_key()


def signing_public_keys() -> list[tuple[str, str]]:
    """Name and public signing key (hex) of each key whose private half is here, the current first."""
    return [(key.name, bytes(key.signing_key().verify_key).hex()) for key in keys() if key.can_open]


def _derive(seed: bytes, purpose: str) -> bytes:
    return hashlib.blake2b(purpose.encode(), digest_size=SEED_BYTES, key=seed).digest()


@cache
def _private_key(key: Key) -> PrivateKey:
    return PrivateKey(_derive(key.opening, "seal"))


def seal(plain: str) -> str:
    """Seal a text to the current key; the result names the key, so that keys can be rotated."""
    current = keys()[0]
    sealed = SealedBox(current.public_key()).encrypt(plain.encode())
    return f"{current.name}:{base64.b64encode(sealed).decode()}"


def unseal(sealed: str) -> str:
    """Open what `seal` made. Raises UnsealError for a foreign key or an altered value, never garbage."""
    name, _, encoded = sealed.partition(":")
    private = _key_called(name).private_key()
    try:
        return SealedBox(private).decrypt(base64.b64decode(encoded)).decode()
    except (CryptoError, binascii.Error, ValueError):
        raise UnsealError("the value was altered or sealed with another key") from None


def seal_bytes(content: bytes) -> bytes:
    """Seal content of any size to the current key: the key's name, a colon, the sealed box."""
    current = keys()[0]
    return current.name.encode() + b":" + SealedBox(current.public_key()).encrypt(content)


def unseal_bytes(sealed: bytes) -> bytes:
    """Open what `seal_bytes` made. Raises UnsealError for a foreign key or altered content."""
    name, _, box = sealed.partition(b":")
    private = _key_called(name.decode("utf-8", "replace")).private_key()
    try:
        return SealedBox(private).decrypt(box)
    except (CryptoError, ValueError):
        raise UnsealError("the content was altered or sealed with another key") from None


def is_sealed_to_current(sealed: str | bytes) -> bool:
    """Whether a sealed value names the key that seals now: what `rotate_keys` leaves alone."""
    prefix = f"{keys()[0].name}:"
    return sealed.startswith(prefix) if isinstance(sealed, str) else sealed.startswith(prefix.encode())


def fingerprint(value: str, purpose: str) -> str:
    """A keyed digest (64 hex digits): equal for equal values, and useless without the key.

    The last key listed is used: it stays the same when a new key is put in front, until the old is gone.
    What is stored to be found again uses `fingerprints`.
    """
    return _digest(keys()[-1], value, purpose)


def fingerprints(value: str, purpose: str) -> tuple[str, ...]:
    """The digests of a value by every key, the current first: write the first, find by any."""
    return tuple(_digest(key, value, purpose) for key in keys())


def _digest(key: Key, value: str, purpose: str) -> str:
    return hashlib.blake2b(value.encode(), digest_size=32, key=key.derive(purpose)).hexdigest()


def _key_called(name: str) -> Key:
    key = next((key for key in keys() if key.name == name), None)
    if key is None:
        raise UnsealError(f"no key called {name!r} in HEADLAMP_KEYS")
    return key
