"""Requests that no provider sent: twenty classes, as many of each as asked for, the same by the same seed."""

import json
import random
import string
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from sms_gateway.providers import PROVIDERS
from tests.sms_gateway.providers.lines import (
    FORM,
    africastalking_fields,
    android_event,
    android_headers,
    httpsms_event,
    httpsms_token,
    kannel_query,
    path,
)
from tests.sms_gateway.telephones import signature, twilio_fields


@dataclass(frozen=True)
class Forgery:
    method: str
    address: str
    body: bytes = b""
    content_type: str = FORM
    headers: dict[str, str] = field(default_factory=dict)


def forgeries(each: int, seed: int) -> Iterator[tuple[str, Forgery]]:
    """So many of every class, each with its name, mixed."""
    chance = random.Random(seed)
    made = [(name, make(chance)) for name, make in CLASSES.items() for _ in range(each)]
    chance.shuffle(made)
    return iter(made)


def _noise(chance: random.Random, most: int = 60) -> bytes:
    return chance.randbytes(chance.randrange(1, most))


def _word(chance: random.Random, length: int = 32) -> str:
    return "".join(chance.choices(string.ascii_lowercase + string.digits, k=length))


def _twilio(fields: dict[str, str], signed: str, address: str = "/sms/twilio/") -> Forgery:
    body = urlencode(fields, errors="replace").encode()
    return Forgery("POST", address, body, headers={"X-Twilio-Signature": signed})


def _token_line(chance: random.Random) -> str:
    return chance.choice(("kannel", "africastalking", "httpsms", "simulator"))


def _near(chance: random.Random, token: str) -> str:
    """Almost the token: a letter changed, one less, one more, another's, the case."""
    at = chance.randrange(len(token))
    other = chance.choice([letter for letter in "0123456789abcdef" if letter != token[at]])
    return chance.choice(
        (token[:at] + other + token[at + 1 :], token[:-1], token + "0", token.upper(), _word(chance))
    )


def _unsigned_twilio(chance: random.Random) -> Forgery:
    return Forgery("POST", "/sms/twilio/", urlencode(twilio_fields(_word(chance))).encode())


def _guessed_twilio(chance: random.Random) -> Forgery:
    return _twilio(twilio_fields(), chance.choice(("", "AAAA", _word(chance, 28), _word(chance, 27) + "=")))


def _changed_twilio(chance: random.Random) -> Forgery:
    fields = twilio_fields()
    signed, name = signature(fields), chance.choice(sorted(fields))
    return _twilio({**fields, name: fields[name] + _word(chance, 3)}, signed)


def _other_key_twilio(chance: random.Random) -> Forgery:
    fields = twilio_fields(_word(chance))
    return _twilio(fields, signature(fields, token=_word(chance)))


def _other_account_twilio(chance: random.Random) -> Forgery:
    fields = twilio_fields(AccountSid=f"AC{chance.randbytes(16).hex()}")
    return _twilio(fields, signature(fields))


def _other_host_twilio(chance: random.Random) -> Forgery:
    fields = twilio_fields()
    return _twilio(fields, signature(fields, url=f"https://{_word(chance, 8)}.example/sms/twilio/"))


def _fields_missing_twilio(chance: random.Random) -> Forgery:
    fields = twilio_fields()
    for name in chance.sample(("MessageSid", "From", "Body"), chance.randrange(1, 4)):
        del fields[name]
    return _twilio(fields, signature(fields))


def _guessed_token(chance: random.Random) -> Forgery:
    line = _token_line(chance)
    body = urlencode(africastalking_fields()).encode()
    return Forgery("POST", f"/sms/{line}/{_near(chance, PROVIDERS[line].token)}/", body)


def _guessed_token_get(chance: random.Random) -> Forgery:
    token = _near(chance, PROVIDERS["kannel"].token)
    return Forgery("GET", f"/sms/kannel/{token}/?{urlencode(kannel_query())}")


def _strange_token(chance: random.Random) -> Forgery:
    token = quote(_noise(chance, 20)).replace("/", "%2F")
    return Forgery("POST", f"/sms/{_token_line(chance)}/{token}/", b"a=b")


def _unsigned_android(chance: random.Random) -> Forgery:
    body = json.dumps(android_event(message=_word(chance))).encode()
    headers = android_headers(body, key=_word(chance))
    if chance.random() < 0.5:
        del headers[chance.choice(sorted(headers))]
    return Forgery("POST", path("android_gateway"), body, "application/json", headers)


def _replayed_android(chance: random.Random) -> Forgery:
    body = json.dumps(android_event(message=_word(chance))).encode()
    off_s = chance.choice((-1, 1)) * chance.randrange(400, 10**6)
    return Forgery(
        "POST", path("android_gateway"), body, "application/json", android_headers(body, off_s=off_s)
    )


def _malformed_android(chance: random.Random) -> Forgery:
    event = android_event(sender=chance.choice(("", None, 7, [], {}, "2" * 61)), phoneNumber=None)
    body = chance.choice((json.dumps(event).encode(), b"{", _noise(chance), b"[]", b"[" * 3000, b"null"))
    return Forgery("POST", path("android_gateway"), body, "application/json", android_headers(body))


def _forged_httpsms(chance: random.Random) -> Forgery:
    token = chance.choice(
        (
            httpsms_token(key=_word(chance, 40)),
            httpsms_token(exp=int(time.time()) - chance.randrange(1000, 10**6)),
            httpsms_token(aud=[f"https://{_word(chance, 6)}.example/"]),
            httpsms_token(iss=_word(chance)),
            _word(chance, 60),
            "e30.e30.",
        )
    )
    body = json.dumps(httpsms_event()).encode()
    headers = {"Authorization": f"Bearer {token}"}
    return Forgery("POST", path("httpsms"), body, "application/json", headers)


def _malformed_africastalking(chance: random.Random) -> Forgery:
    fields = africastalking_fields()
    name = chance.choice(("id", "from"))
    fields[name] = chance.choice(("", " ", "x" * 200, "\t"))
    return Forgery("POST", path("africastalking"), urlencode(fields).encode())


def _malformed_kannel(chance: random.Random) -> Forgery:
    fields = kannel_query()
    name = chance.choice(("id", "from"))
    fields[name] = "9" * chance.randrange(151, 400) if name == "id" else chance.choice(("", " ", "9" * 70))
    return Forgery("GET", f"{path('kannel')}?{urlencode(fields)}")


def _malformed_simulator(chance: random.Random) -> Forgery:
    senders: tuple[object, ...] = ("", "nobody", 7, None, [], "+1")
    given = {"from": chance.choice(senders), "text": chance.choice(("x", 7, None))}
    body = chance.choice((json.dumps(given).encode(), _noise(chance), b"[" * 3000, b"[]"))
    return Forgery("POST", path("simulator"), body, "application/json")


def _other_method(chance: random.Random) -> Forgery:
    method = chance.choice(("PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", _word(chance, 5).upper()))
    return Forgery(method, path(chance.choice(("kannel", "twilio", "android_gateway"))), _noise(chance))


def _strange_body(chance: random.Random) -> Forgery:
    kinds = (
        "multipart/form-data; boundary=x",
        f"{FORM}; charset=utf-16",
        "text/plain; charset=hex",
        "é",
        "x",
    )
    line = chance.choice(("twilio", "africastalking", "android_gateway", "httpsms", "simulator", "kannel"))
    return Forgery("POST", path(line), _noise(chance, 400), chance.choice(kinds))


def _unknown_place(chance: random.Random) -> Forgery:
    places = (
        f"/sms/{_word(chance, 6)}/",
        f"/sms/{_word(chance, 6)}/{_word(chance)}/status/",
        "/sms/gammu/x/",
    )
    return Forgery("POST", chance.choice(places), _noise(chance))


CLASSES: dict[str, Callable[[random.Random], Forgery]] = {
    name.__name__.strip("_"): name
    for name in (
        _unsigned_twilio,
        _guessed_twilio,
        _changed_twilio,
        _other_key_twilio,
        _other_account_twilio,
        _other_host_twilio,
        _fields_missing_twilio,
        _guessed_token,
        _guessed_token_get,
        _strange_token,
        _unsigned_android,
        _replayed_android,
        _malformed_android,
        _forged_httpsms,
        _malformed_africastalking,
        _malformed_kannel,
        _malformed_simulator,
        _other_method,
        _strange_body,
        _unknown_place,
    )
}
