import base64
from collections.abc import Mapping
from typing import Any

import pytest
from pytest_django import Settings

from impact.operations.resealing import Plain, reseal
from impact.sealing import is_sealed_to_current, seal, unseal
from sms_gateway.contacts import contact_behind
from sms_gateway.models import Contact

pytestmark = pytest.mark.django_db

OLD = "old:" + base64.b64encode(b"o" * 64).decode()
NEW = "new:" + base64.b64encode(b"n" * 64).decode()


def sealed() -> dict[int, str]:
    return dict(Contact.objects.values_list("pk", "number_sealed"))


def under_a_new_key(settings: Settings, *numbers: str) -> list[int]:
    settings.HEADLAMP_KEYS = OLD
    pks = [contact_behind(number).pk for number in numbers]
    settings.HEADLAMP_KEYS = f"{NEW},{OLD}"
    return pks


def test_every_row_is_sealed_anew_once_and_what_is_empty_is_left(settings: Settings) -> None:
    first, second, empty = under_a_new_key(settings, "+243810000001", "+243810000002", "+243810000003")
    Contact.objects.filter(pk=empty).update(number_sealed="")
    Contact.objects.filter(pk=second).update(number_sealed=seal("+243810000002"))
    assert reseal(Contact.objects.all(), "number_sealed") == (1, 1, 0)
    assert reseal(Contact.objects.all(), "number_sealed") == (0, 2, 0)
    assert is_sealed_to_current(sealed()[first])
    assert unseal(sealed()[first]) == "+243810000001"
    assert sealed()[empty] == ""


def test_what_cannot_be_opened_is_counted_and_left(settings: Settings) -> None:
    first, second = under_a_new_key(settings, "+243810000001", "+243810000002")
    Contact.objects.filter(pk=first).update(number_sealed="lost:AAAA")
    assert reseal(Contact.objects.all(), "number_sealed") == (1, 0, 1)
    assert sealed()[first] == "lost:AAAA"
    assert unseal(sealed()[second]) == "+243810000002"


def test_other_columns_change_in_the_same_statement_or_the_row_is_left(settings: Settings) -> None:
    first, second = under_a_new_key(settings, "+243810000001", "+243810000002")

    def country(pk: int, number: Plain) -> Mapping[str, Any] | None:
        return None if pk == second else {"country": "ZZ" if number == "+243810000001" else ""}

    assert reseal(Contact.objects.all(), "number_sealed", country) == (1, 0, 1)
    assert Contact.objects.get(pk=first).country == "ZZ"
    assert not is_sealed_to_current(sealed()[second])


def test_what_is_erased_meanwhile_stays_erased(settings: Settings) -> None:
    (pk,) = under_a_new_key(settings, "+243810000001")

    def erase(_pk: int, _number: Plain) -> Mapping[str, Any] | None:
        Contact.objects.update(number_sealed="")
        return {"country": "ZZ"}

    assert reseal(Contact.objects.all(), "number_sealed", erase) == (0, 0, 0)
    assert (sealed()[pk], Contact.objects.get().country) == ("", "CD")
