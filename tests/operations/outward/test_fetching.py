"""Redirects are followed a few times, to the open Internet alone, without credentials, and not for long."""

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from impact.operations.outward.calling import CallError, Deadline, Target, calling, origin_of
from impact.operations.outward.fetching import MOST_HOPS, Fetched, fetch
from tests.internet import PRIVATE, Internet, silent_dns
from tests.sms_gateway.fake_api import Asked, CutShort, Dripping, FakeApi, SentOn

STORE, OTHER = "store.example.org", "other.example.org"
PICTURE = b"\xff\xd8\xff a picture of the pit"


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Internet]:
    internet = Internet(monkeypatch, tmp_path, STORE, OTHER)
    yield internet
    internet.close()


@pytest.fixture
def provider() -> Iterator[FakeApi]:
    """The server that we ask first, at an address that an operator set."""
    server = FakeApi()
    yield server
    server.close()


def get(provider: FakeApi, path: str = "/media", limit_s: float = 10, limit_bytes: int = 1000) -> Fetched:
    return fetch(
        f"{provider.address}{path}",
        limit_bytes=limit_bytes,
        limit_s=limit_s,
        quiet_s=limit_s,
        authorization="Basic c2VjcmV0",
        home=origin_of(provider.address),
    )


def refused(provider: FakeApi, **limits: float) -> str:
    with pytest.raises(CallError) as raised:
        get(provider, **limits)  # type: ignore[arg-type]
    return raised.value.kind


def test_it_is_fetched_where_the_store_has_it_and_the_credentials_stay(
    provider: FakeApi, internet: Internet
) -> None:
    signed = f"https://{STORE}/pit.jpg?Signature={'s' * 2000}"
    provider.says(307, SentOn(signed))
    store = internet.serve(STORE, lambda asked: (200, PICTURE))
    assert get(provider) == Fetched(200, PICTURE)
    assert provider.asked[0].headers["Authorization"] == "Basic c2VjcmV0"
    (asked,) = store.asked
    assert (asked.path, asked.headers["Host"]) == ("/pit.jpg", STORE)
    assert "Authorization" not in asked.headers
    assert internet.called == ["127.0.0.1", internet.names[STORE]]


def test_within_one_host_the_credentials_go_on_and_after_another_never_again(
    provider: FakeApi, internet: Internet
) -> None:
    def answer(asked: Asked) -> tuple[int, object]:
        onwards = {"/media": SentOn("/second"), "/second": SentOn(f"https://{STORE}/there")}
        return (302, onwards[asked.path]) if asked.path in onwards else (200, PICTURE)

    provider.answerer = answer
    internet.serve(STORE, lambda asked: (302, SentOn(f"{provider.address}/back#part")))
    assert get(provider).content == PICTURE
    assert [(asked.path, "Authorization" in asked.headers) for asked in provider.asked] == [
        ("/media", True),
        ("/second", True),
        ("/back", False),
    ]


@pytest.mark.parametrize(
    "location",
    [
        *PRIVATE,
        f"http://{STORE}/pit.jpg",
        "http://127.0.0.1:9/",
        "//169.254.169.254/latest/meta-data",
        f"https://u:p@{STORE}/",
        "https://[::1/",
        "file:///etc/passwd",
        "gopher://example.org/",
        f"https://{STORE}/{'x' * 8000}",
    ],
)
def test_nobody_is_called_where_it_leads_inside_or_nowhere(
    provider: FakeApi, internet: Internet, location: str
) -> None:
    provider.says(302, SentOn(location))
    assert refused(provider) == "unsafe address"
    assert internet.called == ["127.0.0.1"]


@pytest.mark.parametrize("found", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::ffff:127.0.0.1"])
def test_a_name_that_stands_for_an_address_inside_is_not_called(
    provider: FakeApi, internet: Internet, found: str
) -> None:
    internet.names[STORE] = found
    provider.says(302, SentOn(f"https://{STORE}/"))
    assert refused(provider) == "unsafe address"
    assert internet.called == ["127.0.0.1"]


def test_http_on_this_machine_is_our_own_server_alone(provider: FakeApi, internet: Internet) -> None:
    inside = FakeApi(lambda asked: (200, b"what nobody outside may see"))
    try:
        provider.says(302, SentOn(f"{inside.address}/"))
        assert refused(provider) == "unsafe address"
        assert inside.asked == []
    finally:
        inside.close()


def test_a_few_hops_and_no_more(provider: FakeApi, internet: Internet) -> None:
    store = internet.serve(STORE, lambda asked: (302, SentOn(f"https://{STORE}/again")))
    provider.says(302, SentOn(f"https://{STORE}/"))
    assert refused(provider) == "too many redirects"
    assert len(provider.asked) + len(store.asked) == MOST_HOPS + 1


def test_a_redirect_to_nowhere_is_an_answer_like_any_other(provider: FakeApi) -> None:
    provider.says(302, b"")
    assert get(provider) == Fetched(302)
    provider.says(404, PICTURE)
    assert get(provider) == Fetched(404)


def test_the_limit_of_size_holds_where_it_ends(provider: FakeApi, internet: Internet) -> None:
    provider.says(302, SentOn(f"https://{STORE}/"))
    internet.serve(STORE, lambda asked: (200, PICTURE))
    assert get(provider, limit_bytes=len(PICTURE)).content == PICTURE
    assert refused(provider, limit_bytes=len(PICTURE) - 1) == "too large"


def test_the_time_is_that_of_all_hops(provider: FakeApi, internet: Internet) -> None:
    def late(asked: Asked) -> tuple[int, object]:
        time.sleep(0.3)
        return 302, SentOn(f"https://{OTHER if asked.headers['Host'] == STORE else STORE}/")

    internet.serve(STORE, late)
    internet.serve(OTHER, late)
    provider.says(302, SentOn(f"https://{STORE}/"))
    assert refused(provider, limit_s=0.5) == "too slow"


def test_so_is_the_time_of_the_dns(
    provider: FakeApi, internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.says(302, SentOn("https://nobody.example.org/"))
    with silent_dns(monkeypatch):
        began = time.monotonic()
        assert refused(provider, limit_s=0.3) == "too slow"
        assert time.monotonic() - began < 5


def test_a_server_that_drips_is_left_when_the_time_is_over(provider: FakeApi, internet: Internet) -> None:
    provider.says(302, SentOn(f"https://{STORE}/"))
    internet.serve(STORE, lambda asked: (200, Dripping(PICTURE)))
    assert refused(provider, limit_s=0.5) == "too slow"


def test_what_is_cut_short_is_not_taken_for_whole(provider: FakeApi, internet: Internet) -> None:
    provider.says(302, SentOn(f"https://{STORE}/"))
    internet.serve(STORE, lambda asked: (200, CutShort(PICTURE)))
    assert refused(provider) == "cut short"


def test_the_certificate_is_that_of_the_name(
    provider: FakeApi, internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.says(302, SentOn(f"https://{STORE}/"))
    store = internet.serve(STORE, lambda asked: (200, PICTURE))
    monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    assert refused(provider) == "certificate or TLS"
    assert store.asked == []


def test_of_several_addresses_the_first_that_answers_is_taken(provider: FakeApi) -> None:
    provider.says(200, PICTURE)
    deadline = Deadline(5)
    parts = urlsplit(f"{provider.address}/media")
    target = Target(parts, ["127.0.0.77", "127.0.0.1"])  # nobody listens at the first
    with calling("GET", target, deadline=deadline, headers={}) as answer:
        assert answer.read() == PICTURE


def test_a_server_of_ours_may_be_called_by_a_name_of_two_addresses(provider: FakeApi) -> None:
    provider.says(200, PICTURE)
    url = provider.address.replace("127.0.0.1", "localhost")
    fetched = fetch(f"{url}/media", limit_bytes=1000, limit_s=5, quiet_s=5, home=origin_of(url))
    assert fetched == Fetched(200, PICTURE)
