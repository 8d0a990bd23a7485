from datetime import UTC, date, datetime, time, timedelta

import pytest
from pytest_django import Settings

from impact.accounts.models import User
from impact.incidents.consenting import change_consents
from impact.incidents.draft import Consents
from impact.incidents.models import Incident, Report
from impact.incidents.references import follow_up_code
from impact.moderation.deciding import Correction, DecisionRefused, correct_incident, verify_incident
from impact.moderation.models import Decision
from impact.publication.models import CountedIncident, PublishedIncident
from impact.publication.published import published_incidents, published_properties
from impact.publication.publishing import (
    preview_day,
    preview_incident,
    publish_due,
    publish_incident,
    retract_incident,
)
from impact.publication.state import public_tag
from impact.vocabulary import Harm
from tests.builders import make_area, make_incident, make_senior

pytestmark = pytest.mark.django_db
PUBLIC = "Two people were killed at an artisanal site."


def verified(moderator: User, **fields: object) -> Incident:
    incident = make_incident(**fields)  # type: ignore[arg-type]
    return verify_incident(incident=incident, moderator=moderator, reason="two sources", expected_version=1)


def publish(incident: Incident, moderator: User, text: str = PUBLIC) -> PublishedIncident:
    return publish_incident(
        incident=incident, moderator=moderator, text=text, reason="safe", expected_version=incident.version
    )


def test_the_public_version_is_masked_coarse_and_in_other_words(moderator: User) -> None:
    make_area(longitude=20.8, latitude=-6.4)
    published = publish(verified(moderator), moderator)
    record = published_properties(published)
    assert (record["lon"], record["lat"]) != (20.8, -6.4)
    assert record["uncertainty_m"] is not None
    assert record["uncertainty_m"] >= 2000
    assert (record["occurred_from"], record["occurred_to"]) == ("2026-11-16", "2026-11-22")
    assert record["text"] == PUBLIC
    assert record["killed"] == 2
    assert [area["name"] for area in record["areas"]] == ["Tshikapa pits"]
    assert all(link.distance_m % 1000 == 0 for link in published.area_links.all())
    assert "Soldiers shot" not in str(record)
    assert str(published.incident_key) not in str(record)
    assert Decision.objects.last().action == "publish"  # type: ignore[union-attr]


def test_only_what_is_verified_is_published(moderator: User) -> None:
    with pytest.raises(DecisionRefused):
        publish(make_incident(), moderator)
    assert not PublishedIncident.objects.exists()


def test_the_reporters_own_words_are_refused(moderator: User) -> None:
    with pytest.raises(DecisionRefused):
        publish(verified(moderator), moderator, "Soldiers shot two men at the pits")
    assert Incident.objects.get().publication == "internal"


@pytest.mark.parametrize(
    ("harms", "people"),
    [
        (("sexual_violence",), {}),
        (("killing", "sexual_violence"), {}),
        (("child_labour",), {"affected": {"low": 2}}),
    ],
)
def test_what_may_be_told_in_counts_only_has_no_row(
    senior: User, harms: tuple[str, ...], people: dict[str, object]
) -> None:
    publish(verified(senior, harms=harms, people=people), senior)
    assert not PublishedIncident.objects.exists()
    assert [str(counted) for counted in CountedIncident.objects.all()] == [f"{harms[-1]} CD 2026"]
    incident = Incident.objects.get()
    retract_incident(incident=incident, moderator=senior, reason="wait", expected_version=incident.version)
    assert not CountedIncident.objects.exists()
    assert not PublishedIncident.objects.exists()


@pytest.mark.parametrize("delay_days", [0, 7])
@pytest.mark.parametrize(
    ("harms", "correction"),
    [
        (("killing",), Correction(harms=(Harm.KILLING, Harm.SEXUAL_VIOLENCE))),
        (("child_labour",), Correction(people={"affected": {"low": 2, "high": 3}})),
        (("killing",), Correction(has_identifiable_children=True)),
    ],
)
def test_what_turns_out_to_be_counted_only_is_taken_back_first_and_stays_a_stone(
    senior: User, settings: Settings, harms: tuple[str, ...], correction: Correction, delay_days: int
) -> None:
    settings.PUBLICATION_DELAY_DAYS = delay_days
    publish(verified(senior, harms=harms, people={"affected": {"low": 40, "high": 40}}), senior)
    incident = Incident.objects.get()

    def corrected() -> Incident:
        return correct_incident(
            incident=incident,
            moderator=senior,
            correction=correction,
            reason="she said so",
            expected_version=incident.version,
        )

    # Else words and place would stay in sight, or appear on their day, until somebody publishes again.
    with pytest.raises(DecisionRefused, match="take it back first"):
        corrected()
    incident = retract_incident(
        incident=incident, moderator=senior, reason="graver", expected_version=incident.version
    )
    publish(corrected(), senior, "People were hurt there.")
    publish_due(datetime(2030, 1, 1, tzinfo=UTC))
    assert CountedIncident.objects.exists()
    for stone in PublishedIncident.objects.all():
        assert (stone.retracted_on is not None, stone.text, stone.theme) == (True, "", "")


@pytest.mark.django_db
def test_an_incident_of_children_who_could_be_told_apart_is_counted_and_nothing_else() -> None:
    senior = make_senior()
    incident = verified(senior, harms=("killing", "injury"), has_identifiable_children=True)
    version = publish(incident, senior)
    assert version.text == ""
    assert not PublishedIncident.objects.exists()
    assert {counted.harm for counted in CountedIncident.objects.all()} == {"killing", "injury"}


def test_with_a_delay_the_world_sees_it_on_a_monday_after_its_week(
    moderator: User, settings: Settings
) -> None:
    settings.PUBLICATION_DELAY_DAYS = 7
    case = verified(moderator, occurred_from=date.today(), occurred_to=date.today())  # noqa: DTZ011
    waiting = publish(case, moderator)
    assert waiting.published_on.weekday() == 0
    assert waiting.published_on >= date.today() + timedelta(days=7)  # noqa: DTZ011
    assert waiting.occurred_to is not None
    assert waiting.published_on > waiting.occurred_to
    assert waiting.published_on == preview_day(case)
    assert not PublishedIncident.objects.exists()
    day = datetime.combine(waiting.published_on, time(0), UTC)
    assert publish_due(day - timedelta(seconds=1)) == 0
    tag = public_tag()
    assert [publish_due(day), publish_due(day)] == [1, 0]
    assert PublishedIncident.objects.get().published_on == waiting.published_on
    assert public_tag() != tag


def test_what_waits_can_be_taken_back_before_anyone_saw_it(moderator: User, settings: Settings) -> None:
    settings.PUBLICATION_DELAY_DAYS = 7
    publish(verified(moderator), moderator)
    incident = Incident.objects.get()
    retract_incident(incident=incident, moderator=moderator, reason="wait", expected_version=incident.version)
    assert publish_due(datetime(2030, 1, 1, tzinfo=UTC)) == 0
    assert not PublishedIncident.objects.exists()


def test_a_moderators_link_to_an_area_is_not_what_the_world_reads(moderator: User) -> None:
    make_area("Near the middle", 20.82, -6.39)
    far = make_area("Far", 21.9, -6.4)
    incident = verified(moderator)
    incident.area_links.create(
        area=far, relation="inside", distance_m=0, uncertainty_m=0, rank=0, method="moderator"
    )
    published = publish(incident, moderator)
    assert [link.area.name for link in published.area_links.all()] == ["Near the middle"]


def test_publishing_again_keeps_the_public_id_and_the_point(moderator: User) -> None:
    incident = verified(moderator)
    first = publish(incident, moderator)
    incident = Incident.objects.get()
    incident = correct_incident(
        incident=incident,
        moderator=moderator,
        correction=Correction(point=(20.8001, -6.4001), uncertainty_m=1500.0),
        reason="the reporter drew it",
        expected_version=incident.version,
    )
    second = publish(incident, moderator, "Two people lost their lives at an artisanal site.")
    assert second.pk == first.pk
    assert (second.longitude, second.latitude, second.uncertainty_m) == (
        first.longitude,
        first.latitude,
        first.uncertainty_m,
    )


def test_retracting_takes_everything_back_and_leaves_a_stone(moderator: User) -> None:
    make_area()
    publish(verified(moderator), moderator)
    incident = Incident.objects.get()
    retract_incident(
        incident=incident,
        moderator=moderator,
        reason="a witness is in danger",
        expected_version=incident.version,
    )
    assert not published_incidents().exists()
    stone = PublishedIncident.objects.get()
    assert stone.retracted_on is not None
    assert (stone.text, stone.longitude, stone.killed, stone.occurred_from) == ("", None, None, None)
    assert not stone.harms.exists()
    assert not stone.area_links.exists()


def test_an_incident_can_be_published_again_after_it_was_taken_back(moderator: User) -> None:
    publish(verified(moderator), moderator)
    incident = Incident.objects.get()
    incident = retract_incident(
        incident=incident, moderator=moderator, reason="wait", expected_version=incident.version
    )
    publish(incident, moderator)
    assert published_incidents().get().retracted_on is None


def test_an_incident_without_a_place_or_a_day_is_published_as_such(moderator: User) -> None:
    published = publish(
        verified(moderator, longitude=None, occurred_from=None, occurred_to=None, occurred_precision=""),
        moderator,
    )
    record = published_properties(published)
    assert record["lon"] is None
    assert record["occurred_from"] is None


def test_the_preview_is_what_would_be_published_and_writes_nothing(moderator: User) -> None:
    incident = verified(moderator)
    preview = preview_incident(incident, PUBLIC)
    assert not PublishedIncident.objects.exists()
    published = publish(incident, moderator)
    for name in ("longitude", "latitude", "text", "occurred_from", "killed", "theme"):
        assert getattr(preview, name) == getattr(published, name)
    assert preview.occurred_from == date(2026, 11, 16)


def test_what_waits_is_held_when_its_reporter_takes_it_back_and_free_when_decided_again(
    moderator: User, settings: Settings
) -> None:
    settings.PUBLICATION_DELAY_DAYS = 7
    case = verified(moderator)
    Report.objects.update(may_publish=True)
    publish(case, moderator)
    change_consents(code=follow_up_code(Report.objects.get().pk), consents=Consents(follow_up=True))
    day = datetime(2030, 1, 1, tzinfo=UTC)
    assert publish_due(day) == 0
    publish(Incident.objects.get(), moderator, "At an artisanal site, people were killed.")
    assert publish_due(day) == 1
