import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from pytest_django.fixtures import Settings

from impact.mail_settings import mail_settings
from impact.operations.checks import check_mail

SENDER = "Headlamp <headlamp@a.example>"


def test_without_an_address_no_mail_leaves() -> None:
    off = mail_settings("", "")
    assert off["EMAIL_IS_ON"] is False
    assert off["EMAIL_BACKEND"].endswith("dummy.EmailBackend")


@pytest.mark.parametrize(
    ("url", "port", "encrypted_by"),
    [
        ("smtp+tls://u%40a.example:p@mail.example", 587, "EMAIL_USE_TLS"),
        ("smtp+tls://u%40a.example:p@mail.example:2525", 2525, "EMAIL_USE_TLS"),
        ("smtp+ssl://u%40a.example:p@mail.example", 465, "EMAIL_USE_SSL"),
    ],
)
def test_it_speaks_to_a_server_encrypted(url: str, port: int, encrypted_by: str) -> None:
    on = mail_settings(url, SENDER)
    assert (on["EMAIL_HOST"], on["EMAIL_PORT"], on[encrypted_by]) == ("mail.example", port, True)
    assert (on["EMAIL_HOST_USER"], on["EMAIL_HOST_PASSWORD"]) == ("u@a.example", "p")
    assert on["EMAIL_IS_ON"]
    assert on["DEFAULT_FROM_EMAIL"] == SENDER


def test_a_server_needs_a_sender() -> None:
    with pytest.raises(ImproperlyConfigured, match="HEADLAMP_EMAIL_FROM"):
        mail_settings("smtp+tls://u:secret@mail.example", "")


def test_a_folder_is_taken_from_the_root() -> None:
    assert mail_settings("filemail:///srv/post", "")["EMAIL_FILE_PATH"] == "/srv/post"


def test_it_warns_of_mail_in_the_clear(settings: Settings) -> None:
    for name, value in mail_settings("smtp://u:p@mail.example", SENDER).items():
        setattr(settings, name, value)
    assert [message.id for message in check_mail()] == ["headlamp.W001"]
    settings.EMAIL_HOST = "127.0.0.1"
    assert check_mail() == []


def test_django_can_open_every_kind(settings: Settings) -> None:
    for url in ("", "consolemail://", "memorymail://", "smtp://127.0.0.1", "smtp+ssl://a.example"):
        backend = mail_settings(url, SENDER)["EMAIL_BACKEND"]
        assert get_connection(backend, fail_silently=False)
