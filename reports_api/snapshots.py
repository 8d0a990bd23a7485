"""Snapshots: what was frozen and how to check it. The rows themselves are in the exports that name them."""

from http import HTTPStatus

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import retracted_count
from reports_api import paging
from reports_api.shapes import JSON_ONLY, PAGING, SnapshotPage, SnapshotRecord, answers
from reports_api.view import ApiView


class SnapshotListView(ApiView):
    parameters = paging.PARAMETERS

    @extend_schema(
        operation_id="listSnapshots",
        summary="Snapshots, the latest first",
        parameters=[*PAGING, JSON_ONLY],
        responses=answers(SnapshotPage),
    )
    def get(self, request: Request) -> Response:
        snapshots = Snapshot.objects.defer("rows").order_by("-created_at", "pk")
        return Response(paging.page_of(snapshots, request).plain(snapshot_record))


class SnapshotView(ApiView):
    @extend_schema(
        operation_id="getSnapshot",
        summary="One snapshot",
        parameters=[JSON_ONLY],
        responses=answers(SnapshotRecord, HTTPStatus.NOT_FOUND),
    )
    def get(self, request: Request, snapshot_id: str) -> Response:
        snapshot = Snapshot.objects.defer("rows").filter(pk=snapshot_id).first()
        if snapshot is None:
            raise Http404
        return Response(snapshot_record(snapshot))


def snapshot_record(snapshot: Snapshot) -> SnapshotRecord:
    """A snapshot without its rows: what it froze could have been retracted since."""
    return {
        "id": snapshot.pk,
        "created_at": snapshot.created_at.isoformat(),
        "filter": snapshot.filter,
        "digest": snapshot.digest,
        "shown": snapshot.shown,
        "without_place": snapshot.without_place,
        "withheld": snapshot.withheld,
        "retracted": retracted_count(snapshot),
        "is_fictional": snapshot.is_fictional,
    }
