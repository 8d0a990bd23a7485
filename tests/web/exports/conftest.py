import pytest
from django.test import Client

from impact.accounts.models import User
from impact.exports.making import make_ordered
from impact.exports.models import Export


@pytest.fixture
def desk(client: Client, advocate: User) -> Client:
    """An advocate's browser."""
    client.force_login(advocate)
    return client


def made(export: Export) -> Export:
    """An export after the worker's turns."""
    while make_ordered():
        pass
    export.refresh_from_db()
    return export
