"""A report from a program: the same intake as a text message or the web form."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import IO, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from impact.incidents.consenting import consents_sent
from impact.incidents.draft import TEXT_LIMIT
from impact.incidents.evidence import MOST_PIECES, EvidenceRefused, accepted_type, keep_original
from impact.incidents.intake import Consents, ReportDraft, submit_report
from impact.incidents.models import Report
from impact.vocabulary import Channel, Harm
from reports_api.problems import InvalidParameter, KeyReused, PayloadTooLarge
from reports_api.shapes import TakenReport, answers
from reports_api.throttling import ReportThrottle
from reports_api.view import ApiView

LARGEST_BODY_BYTES = 300_000  # the longest text, every letter of it written as \uXXXX\uXXXX
LARGEST_WITH_FILES_BYTES = settings.FILE_UPLOAD_MAX_MEMORY_SIZE  # files never touch the disk unsealed
LONGEST_KEY = 150
_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    location=OpenApiParameter.HEADER,
    description=(
        "Chosen at random by the client, a UUID for instance. The same key and body is the same report "
        "for ever and gets the same answer; the same key with another body is 422."
    ),
)


class DegreesField(serializers.FloatField):
    """A float from JSON, whose whole numbers have no end."""

    def to_internal_value(self, data: Any) -> float:
        try:
            return float(super().to_internal_value(data))
        except OverflowError:
            self.fail("invalid")


class EvidenceField(serializers.FileField):
    """A picture, document, film or recording that we keep, known by its content and not by its name."""

    def to_internal_value(self, data: Any) -> "File[Any]":
        file = super().to_internal_value(data)
        try:
            accepted_type(file.read())
        except EvidenceRefused as refused:
            raise serializers.ValidationError(f"{file.name}: {refused.message}") from None
        file.seek(0)
        return file


class ReportSerializer(serializers.Serializer[ReportDraft]):
    """What may be sent. Only `text` is needed; consents that are not given are withheld."""

    text = serializers.CharField(
        max_length=TEXT_LIMIT, trim_whitespace=False, help_text="what happened, kept exactly as sent"
    )
    place_words = serializers.CharField(
        max_length=500, required=False, allow_blank=True, default="", help_text="where, in words"
    )
    longitude = DegreesField(
        required=False, allow_null=True, default=None, min_value=-180, max_value=180, help_text="WGS 84"
    )
    latitude = DegreesField(required=False, allow_null=True, default=None, min_value=-90, max_value=90)
    occurred_from = serializers.DateField(required=False, allow_null=True, default=None)
    occurred_to = serializers.DateField(required=False, allow_null=True, default=None)
    harms = serializers.ListField(
        child=serializers.ChoiceField(choices=Harm.values),
        required=False,
        default=list,
        max_length=len(Harm),
        help_text="the main one first; read from the text when there are none",
    )
    language = serializers.RegexField(
        r"^[a-z]{2,3}\Z", required=False, allow_blank=True, default="", help_text="ISO 639"
    )
    evidence = serializers.ListField(
        child=EvidenceField(allow_empty_file=True),
        required=False,
        default=list,
        max_length=MOST_PIECES,
        help_text="files, in multipart/form-data; sealed as they came, and never published",
    )
    follow_up = serializers.BooleanField(required=False, default=False, help_text="may be asked more")
    share = serializers.BooleanField(
        required=False, default=False, help_text="may be shared within the coalition"
    )
    publish = serializers.BooleanField(required=False, default=False, help_text="may be published")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for given, missing in (("longitude", "latitude"), ("latitude", "longitude")):
            if attrs[given] is not None and attrs[missing] is None:
                raise serializers.ValidationError({missing: _("A point has a longitude and a latitude.")})
        if attrs["occurred_to"] is not None and attrs["occurred_from"] is None:
            raise serializers.ValidationError({"occurred_from": _("Say the first day too.")})
        return attrs


class Utf8JSONParser(JSONParser):
    """JSON is UTF-8 (RFC 8259), whatever charset a request claims."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return super().parse(stream, media_type, {**(parser_context or {}), "encoding": "utf-8"})


class ReportView(ApiView):
    parser_classes = (Utf8JSONParser, MultiPartParser, FormParser)
    throttle_classes = (ReportThrottle,)
    is_cacheable = False

    @extend_schema(
        operation_id="sendReport",
        summary="Send a report",
        description=(
            "Nobody signs in and nothing about the sender is kept. A reference and a code come back; whoever "
            "has the code can follow the report."
        ),
        parameters=[_IDEMPOTENCY_KEY],
        request=ReportSerializer,
        responses=answers(
            TakenReport,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.TOO_MANY_REQUESTS,
            status=HTTPStatus.CREATED,
        ),
    )
    def post(self, request: Request) -> Response:
        _refuse_large(request)
        key = _idempotency_key(request)
        sent = request.data
        serializer = ReportSerializer(data=sent)
        serializer.is_valid(raise_exception=True)
        draft = _draft(serializer.validated_data, key, timezone.now())
        receipt = submit_report(draft)
        if not receipt.is_new and not _says_the_same(Report.objects.get(pk=receipt.report_id), draft):
            raise KeyReused(_("This Idempotency-Key came before with another report. Choose a new one."))
        lost = _lost_files(receipt.report_id, serializer.validated_data["evidence"], draft.received_at)
        taken = TakenReport(
            reference=receipt.reference,
            follow_up_code=receipt.follow_up_code,
            not_taken=sorted({*sent, *lost} - set(serializer.fields)),
        )
        return Response(taken, status=HTTPStatus.CREATED)


def _lost_files(report_id: UUID, files: "list[File[Any]]", received_at: datetime) -> list[str]:
    """Keep the files with the report; the names of those that the disk could not hold.

    The report itself stands by now, so a full disk does not take it back. The same request again, with the
    same key, keeps them.
    """
    lost = []
    for file in files:
        try:
            keep_original(
                report_id=report_id,
                content=file.read(),
                file_name=file.name or "",
                source=Channel.API,
                received_at=received_at,
            )
        except OSError:
            lost.append(f"evidence: {file.name}")
    return lost


def _refuse_large(request: Request) -> None:
    is_form = (request.content_type or "").startswith("multipart/")
    limit = LARGEST_WITH_FILES_BYTES if is_form else LARGEST_BODY_BYTES
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not (length.isascii() and length.isdigit()) or int(length) > limit:
        raise PayloadTooLarge(_("At most %(limit)s bytes.") % {"limit": limit})


def _idempotency_key(request: Request) -> str:
    key = str(request.headers.get("Idempotency-Key", str(uuid4())))
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise InvalidParameter(
            "Idempotency-Key", _("1 to %(limit)s printable ASCII characters.") % {"limit": LONGEST_KEY}
        )
    return key


def _draft(fields: dict[str, Any], key: str, received_at: datetime) -> ReportDraft:
    has_point = fields["longitude"] is not None
    return ReportDraft(
        channel=Channel.API,
        source_key=f"api:{key}",
        text=fields["text"],
        received_at=received_at,
        language=fields["language"],
        place_words=fields["place_words"],
        point=(fields["longitude"], fields["latitude"]) if has_point else None,
        occurred_from=fields["occurred_from"],
        occurred_to=fields["occurred_to"],
        harms=tuple(Harm(code) for code in fields["harms"]),
        consents=Consents(follow_up=fields["follow_up"], share=fields["share"], publish=fields["publish"]),
        is_fictional=settings.DEMO,
    )


def _says_the_same(known: Report, draft: ReportDraft) -> bool:
    """Whether a report that was taken in before is this draft, but for when it came."""
    given = known.answers
    point = given.get("point")
    return (
        known.text == draft.text
        and consents_sent(known) == draft.consents
        and (not draft.language or known.language == draft.language)
        and given.get("place_words", "") == draft.place_words
        and (tuple(point) if point else None) == draft.point
        and given.get("occurred_from") == (draft.occurred_from and draft.occurred_from.isoformat())
        and given.get("occurred_to") == (draft.occurred_to and draft.occurred_to.isoformat())
        and given.get("harms", []) == [str(harm) for harm in draft.harms]
    )
