"""Fifty numbers, texts and signatures that nobody else has, and every door that they are planted through."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

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
from tests.sms_gateway.telephones import Answer, signature, twilio_fields

COUNT = 50


@dataclass
class Canary:
    """`signatures` are what proved its deliveries; `digits` is the number however it is written."""

    serial: int
    signatures: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        return f"+2438{17_302_911 + 7919 * self.serial}"

    @property
    def digits(self) -> str:
        return self.number[4:]

    @property
    def word(self) -> str:
        return f"Zephyrine{self.serial:03}q"

    @property
    def text(self) -> str:
        return f"{self.word} saw soldiers shoot two men at Tshikapa yesterday"

    @property
    def message_id(self) -> str:
        return f"canary-{self.serial}"


Door = Callable[[Canary, bool], Answer | None]


def canaries(count: int) -> Iterator[tuple[Canary, str]]:
    """Each canary with the name of its door, all doors about as often."""
    names = list(DOORS)
    return ((Canary(serial), names[serial % len(names)]) for serial in range(count))


def client() -> Client:
    """A browser, or a provider, that sees the 500 page and not the exception."""
    return Client(raise_request_exception=False)


def _twilio(canary: Canary, is_genuine: bool, sender: str = "") -> Answer:
    fields = twilio_fields(canary.text, From=sender or canary.number, MessageSid=canary.message_id)
    signed = signature(fields, token="" if is_genuine else "another's")
    canary.signatures.append(signed)
    headers = {"X-Twilio-Signature": signed}
    return client().post("/sms/twilio/", urlencode(fields), content_type=FORM, headers=headers)


def _whatsapp(canary: Canary, is_genuine: bool) -> Answer:
    return _twilio(canary, is_genuine, f"whatsapp:{canary.number}")


def _token_path(canary: Canary, name: str, is_genuine: bool) -> str:
    canary.signatures.append(PROVIDERS[name].token)
    return path(name) if is_genuine else path(name).replace(PROVIDERS[name].token, "not-the-token")


def _africastalking(canary: Canary, is_genuine: bool) -> Answer:
    fields = africastalking_fields(**{"from": canary.number, "text": canary.text, "id": canary.message_id})
    address = _token_path(canary, "africastalking", is_genuine)
    return client().post(address, urlencode(fields), content_type=FORM)


def _kannel_get(canary: Canary, is_genuine: bool) -> Answer:
    fields = kannel_query(**{"from": canary.number, "text": canary.text, "id": canary.message_id})
    return client().get(f"{_token_path(canary, 'kannel', is_genuine)}?{urlencode(fields)}")


def _kannel_post(canary: Canary, is_genuine: bool) -> Answer:
    address = f"{_token_path(canary, 'kannel', is_genuine)}?id={canary.message_id}"
    headers = {"X-Kannel-From": canary.number, "X-Kannel-Coding": "0"}
    return client().post(
        address, canary.text.encode(), content_type="text/plain; charset=UTF-8", headers=headers
    )


def _android(canary: Canary, is_genuine: bool) -> Answer:
    event = android_event(
        event_id=canary.message_id,
        message=canary.text,
        sender=canary.number,
        phoneNumber=canary.number,
    )
    body = json.dumps(event).encode()
    headers = android_headers(body) if is_genuine else android_headers(body, key="another's")
    canary.signatures.append(headers["X-Signature"])
    return client().post(path("android_gateway"), body, content_type="application/json", headers=headers)


def _httpsms(canary: Canary, is_genuine: bool) -> Answer:
    event = httpsms_event(content=canary.text, contact=canary.number, message_id=canary.message_id)
    token = httpsms_token(
        **({} if is_genuine else {"key": "another's key, which is as long as it has to be"})
    )
    canary.signatures.append(token)
    headers = {"Authorization": f"Bearer {token}"}
    return client().post(path("httpsms"), event, content_type="application/json", headers=headers)


def _simulator(canary: Canary, is_genuine: bool) -> Answer:
    message = {"from": canary.number, "text": canary.text, "id": canary.message_id}
    address = _token_path(canary, "simulator", is_genuine)
    return client().post(address, message, content_type="application/json")


def _gammu(canary: Canary, is_genuine: bool) -> None:
    environment = {
        "SMS_MESSAGES": "1",
        "DECODED_PARTS": "0",
        "SMS_1_CLASS": "-1",
        "SMS_1_NUMBER": canary.number if is_genuine else "",
        "SMS_1_TEXT": canary.text,
    }
    name = f"IN20261120_060504_00_{canary.number}_00.txt"
    with patch.dict(os.environ, environment):
        if is_genuine:
            call_command("gammu_receive", name)
            return
        with pytest.raises(CommandError) as refused:
            call_command("gammu_receive", name)
    assert canary.digits not in str(refused.value)
    assert canary.word not in str(refused.value)


def _screen(canary: Canary, is_genuine: bool) -> None:
    """The phone on the screen shows its visitor what the visitor typed, so that its page is not looked at."""
    sender = canary.number if is_genuine else canary.number[:-4] + "x"
    client().post(reverse("web:simulator"), {"sender": sender, "text": canary.text})


DOORS: dict[str, Door] = {
    "twilio": _twilio,
    "whatsapp": _whatsapp,
    "africastalking": _africastalking,
    "kannel by get": _kannel_get,
    "kannel by post": _kannel_post,
    "android_gateway": _android,
    "httpsms": _httpsms,
    "simulator": _simulator,
    "gammu": _gammu,
    "screen": _screen,
}


def dump() -> str:
    """Every value of every table, the binary ones as text."""
    quote = connection.ops.quote_name
    values = []
    with connection.cursor() as cursor:
        for table in _tables():
            columns = [
                column.name for column in connection.introspection.get_table_description(cursor, table)
            ]
            if connection.vendor == "sqlite":  # as blobs: the drivers' readers of dates stumble over some
                chosen = ", ".join(f"CAST({quote(name)} AS BLOB)" for name in columns)
            else:
                chosen = ", ".join(map(quote, columns))
            cursor.execute(f"SELECT {chosen} FROM {quote(table)}")  # noqa: S608
            values += [_as_text(value) for row in cursor.fetchall() for value in row]
    return "\n".join(values)


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            return connection.introspection.table_names(cursor)
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        )
        return [name for (name,) in cursor.fetchall()]


def _as_text(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, (bytes, memoryview)) else str(value)
