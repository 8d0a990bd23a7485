import pytest
from django.test import Client

from impact.accounts.models import User


@pytest.fixture
def desk(moderator: User) -> Client:
    """A browser in which the moderator has signed in."""
    client = Client()
    client.force_login(moderator)
    return client
