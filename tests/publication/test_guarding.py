import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from impact.incidents.models import Incident, Report
from impact.publication.guarding import PrivateTableRead, PublicReadsMiddleware, public_reads_only
from impact.publication.models import PublicChange, PublishedIncident
from tests.builders import make_published

pytestmark = pytest.mark.django_db


def test_what_is_published_can_be_read_and_testimony_cannot() -> None:
    make_published()
    with public_reads_only():
        assert PublishedIncident.objects.count() == 1
        assert PublicChange.objects.exists()
        for model in (Report, Incident):
            with pytest.raises(PrivateTableRead):
                model.objects.count()
    assert Report.objects.count() == 0


def test_a_view_that_no_one_named_private_is_guarded() -> None:
    def careless(request: object) -> HttpResponse:
        return HttpResponse(str(Report.objects.count()))

    middleware = PublicReadsMiddleware(lambda request: HttpResponse())
    request = RequestFactory().get("/")
    with pytest.raises(PrivateTableRead):
        middleware.process_view(request, careless, (), {})
    careless.__module__ = "impact.web.desk.views"
    assert middleware.process_view(request, careless, (), {}) is None
