"""Addresses under /api/v1/."""

from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter, StringConverter
from drf_spectacular.views import SpectacularJSONAPIView

from reports_api import documents
from reports_api.areas import AreaListView, AreaView
from reports_api.cases import CaseListView, CaseView
from reports_api.clusters import ClusterView
from reports_api.hexagons import CoverageView, HexagonView
from reports_api.hooks.views import (
    WebhookListView,
    WebhookSecretView,
    WebhookTestView,
    WebhookView,
)
from reports_api.incidents import IncidentListView, IncidentView
from reports_api.production import ProductionView
from reports_api.reports import ReportView
from reports_api.snapshots import SnapshotListView, SnapshotView
from reports_api.statistics import StatisticsView


class RowConverter(IntConverter):
    """A row's number: as many digits as a 64-bit key can have."""

    regex = "[0-9]{1,18}"


class SnapshotConverter(StringConverter):
    regex = "[0-9a-f]{10}"


register_converter(RowConverter, "row")
register_converter(SnapshotConverter, "snapshot")

app_name = "reports_api"
urlpatterns = [
    path("", documents.StartView.as_view(), name="start"),
    path("incidents/", IncidentListView.as_view(), name="incidents"),
    path("incidents/<uuid:incident_id>/", IncidentView.as_view(), name="incident"),
    path("clusters/", ClusterView.as_view(), name="clusters"),
    path("hexagons/", HexagonView.as_view(), name="hexagons"),
    path("coverage/", CoverageView.as_view(), name="coverage"),
    path("areas/", AreaListView.as_view(), name="areas"),
    path("areas/<row:area_id>/", AreaView.as_view(), name="area"),
    path("statistics/", StatisticsView.as_view(), name="statistics"),
    path("production/", ProductionView.as_view(), name="production"),
    path("snapshots/", SnapshotListView.as_view(), name="snapshots"),
    path("snapshots/<snapshot:snapshot_id>/", SnapshotView.as_view(), name="snapshot"),
    path("reports/", ReportView.as_view(), name="reports"),
    path("moderation/cases/", CaseListView.as_view(), name="cases"),
    path("moderation/cases/<uuid:case_id>/", CaseView.as_view(), name="case"),
    path("webhooks/", WebhookListView.as_view(), name="webhooks"),
    path("webhooks/<uuid:webhook_id>/", WebhookView.as_view(), name="webhook"),
    path("webhooks/<uuid:webhook_id>/secret/", WebhookSecretView.as_view(), name="webhook_secret"),
    path("webhooks/<uuid:webhook_id>/test/", WebhookTestView.as_view(), name="webhook_test"),
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("docs/", documents.docs, name="docs"),
    re_path(r"^(?P<path>.*)$", documents.not_found),
]
