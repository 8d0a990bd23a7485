"""Builders of the things that tests are about: each makes one, with whatever the test cares to say."""

import hashlib
import itertools
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.contrib.gis.geos import GEOSGeometry, Point
from PIL import Image

from impact.accounts.models import Organisation, Role, User
from impact.exports.choices import Choices
from impact.exports.models import Export, ExportKind
from impact.exports.ordering import order_export
from impact.incidents.assessing import keep_in_step
from impact.incidents.evidence import keep_original, write_durably
from impact.incidents.intake import Consents, Receipt, ReportDraft, submit_report
from impact.incidents.models import Evidence, EvidenceCopy, Incident, IncidentHarm, Report
from impact.incidents.references import follow_up_code, follow_up_digest, new_reference
from impact.incidents.working_copies import copy_path
from impact.places.gazetteer_store import forget_gazetteer
from impact.places.models import Place, ProducingArea
from impact.publication.models import PublishedHarm, PublishedIncident, PublishedLink, Snapshot
from impact.sealing import seal_bytes
from impact.vocabulary import AreaKind, Channel, theme_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PASSWORD = "a password of the suite"
_numbers = itertools.count(1)


def make_organisation(name: str = "Partners of the Kasai", **fields: Any) -> Organisation:
    """A member of the coalition besides the default one."""
    return Organisation.objects.create(name=name, **fields)


def make_user(
    role: Role,
    username: str,
    *,
    organisation: Organisation | None = None,
    countries: tuple[str, ...] = (),
) -> User:
    """A user with a role in the default organisation, unless another is named."""
    return User.objects.create_user(
        username=username, password=PASSWORD, role=role, organisation=organisation, countries=countries
    )


def make_moderator(username: str = "moderator", **fields: Any) -> User:
    return make_user(Role.MODERATOR, username, **fields)


def make_senior(username: str = "senior", **fields: Any) -> User:
    return make_user(Role.SENIOR_MODERATOR, username, **fields)


def make_advocate(username: str = "advocate") -> User:
    return make_user(Role.ADVOCATE, username)


def make_area(
    name: str = "Tshikapa pits",
    longitude: float = 20.8,
    latitude: float = -6.4,
    *,
    wkt: str = "",
    **fields: Any,
) -> ProducingArea:
    """A producing area at a point, or of any shape by WKT."""
    geometry = GEOSGeometry(wkt, srid=4326) if wkt else Point(longitude, latitude, srid=4326)
    area = ProducingArea.objects.create(
        **{
            "name": name,
            "country": "CD",
            "kind": AreaKind.ARTISANAL,
            "minerals": ["diamond"],
            "geometry": geometry,
            "source": "the test",
            "source_name": "test",
            "source_key": f"area-{next(_numbers)}",
            **fields,
        }
    )
    forget_gazetteer()
    return area


def make_place(
    name: str = "Tshikapa",
    longitude: float = 20.8,
    latitude: float = -6.416,
    country: str = "CD",
    **fields: Any,
) -> Place:
    place = Place.objects.create(
        **{
            "name": name,
            "longitude": longitude,
            "latitude": latitude,
            "country": country,
            "radius_m": 5000,
            "population": 50_000,
            "source_name": "test",
            "source_key": f"place-{next(_numbers)}",
            **fields,
        }
    )
    forget_gazetteer()
    return place


def make_draft(text: str = "Soldiers shot two men at Tshikapa yesterday", **fields: Any) -> ReportDraft:
    return ReportDraft(
        **{
            "channel": Channel.WEB,
            "source_key": f"web:{uuid4()}",
            "text": text,
            "received_at": NOW,
            "consents": Consents(follow_up=True, share=True, publish=True),
            **fields,
        }
    )


def take_in(text: str = "Soldiers shot two men at Tshikapa yesterday", **fields: Any) -> Receipt:
    """A report through the real intake."""
    return submit_report(make_draft(text, **fields))


def make_incident(
    *,
    harms: tuple[str, ...] = ("killing",),
    longitude: float | None = 20.8,
    latitude: float | None = -6.4,
    text: str = "Soldiers shot two men at the pits",
    is_compared: bool = False,
    **fields: Any,
) -> Incident:
    """An incident with one report, written straight into the tables."""
    placed = longitude is not None and latitude is not None
    incident = Incident.objects.create(
        **{
            "reference": new_reference(),
            "point": Point(longitude, latitude, srid=4326) if placed else None,
            "uncertainty_m": 2000.0 if placed else None,
            "place_name": "Tshikapa" if placed else "",
            "country": "CD" if placed else "",
            "occurred_from": date(2026, 11, 18),
            "occurred_to": date(2026, 11, 18),
            "occurred_precision": "day",
            "people": {"killed": {"low": 2, "high": 2}},
            "perpetrator": "army",
            "received_at": NOW,
            **fields,
        }
    )
    IncidentHarm.objects.bulk_create(
        IncidentHarm(incident=incident, harm=harm, rank=rank) for rank, harm in enumerate(harms)
    )
    report_id = uuid4()
    Report.objects.create(
        id=report_id,
        incident=incident,
        reference=incident.reference,
        follow_up_digest=follow_up_digest(follow_up_code(report_id)),
        channel=Channel.WEB,
        source_key=f"web:{report_id}",
        text=text,
        language="en",
        received_at=NOW,
        is_fictional=incident.is_fictional,
    )
    keep_in_step(incident)
    if is_compared:
        Incident.objects.filter(pk=incident.pk).update(compared_at=NOW)
    return incident


def make_published(
    *,
    harms: tuple[str, ...] = ("killing",),
    longitude: float | None = 20.8,
    latitude: float | None = -6.4,
    occurred_from: date | None = date(2026, 11, 16),
    occurred_to: date | None = date(2026, 11, 22),
    areas: tuple[tuple[ProducingArea, float], ...] = (),
    **fields: Any,
) -> PublishedIncident:
    """A published incident, written straight into the public tables; `areas` are (area, distance_m)."""
    placed = longitude is not None
    published = PublishedIncident.objects.create(
        **{
            "incident_key": uuid4(),
            "theme": theme_of(harms[0]),
            "perpetrator": "army",
            "verification": "verified",
            "reliability": "B",
            "credibility": "2",
            "killed": 2,
            "minerals": ["diamond"],
            "country": "CD",
            "longitude": longitude,
            "latitude": latitude,
            "cell": "866a1d5a7ffffff" if placed else "",
            "uncertainty_m": 8000.0 if placed else None,
            "occurred_from": occurred_from,
            "occurred_to": occurred_to,
            "occurred_precision": "week" if occurred_from else "",
            "text": "Two people were killed at an artisanal site.",
            "published_on": NOW.date(),
            **fields,
        }
    )
    PublishedHarm.objects.bulk_create(
        PublishedHarm(published=published, harm=harm, rank=rank) for rank, harm in enumerate(harms)
    )
    PublishedLink.objects.bulk_create(
        PublishedLink(published=published, area=area, distance_m=distance_m, rank=rank)
        for rank, (area, distance_m) in enumerate(areas)
    )
    return published


def make_export(user: User, snapshot: Snapshot, kind: ExportKind = ExportKind.DATA, **choices: Any) -> Export:
    """An export that was asked for and that no worker has seen yet."""
    return order_export(
        user=user,
        kind=kind,
        snapshot=snapshot,
        choices=Choices(**choices),
        name="For the plenary",
        reason="the coalition speaks on Tuesday",
        for_whom="the delegations",
    )


def picture_bytes(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **saved: Any) -> bytes:
    """A small generated picture, dark on the left and light on the right."""
    picture = Image.new("RGB", size, (40, 40, 40))
    picture.paste((220, 180, 90), (size[0] // 2, 0, size[0], size[1]))
    written = BytesIO()
    picture.save(written, kind, **saved)
    return written.getvalue()


def make_picture(incident: Incident, content: bytes | None = None) -> Evidence:
    """A picture kept with the first report of an incident."""
    report = incident.reports.all()[0]
    return keep_original(
        report_id=report.pk,
        content=content or picture_bytes(),
        file_name="pit.jpg",
        source="web",
        received_at=report.received_at,
    )


def make_working_copy(evidence: Evidence) -> EvidenceCopy:
    """A working copy written straight to its place, without the process that makes real ones."""
    content = picture_bytes()
    copy = EvidenceCopy(
        evidence=evidence,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        made_at=evidence.received_at,
    )
    write_durably(copy_path(copy), seal_bytes(content))
    copy.save(force_insert=True)
    return copy
