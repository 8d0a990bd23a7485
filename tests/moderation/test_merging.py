import random
from datetime import timedelta
from uuid import UUID

import pytest

from impact.accounts.models import Membership, Role, User, default_organisation
from impact.incidents.models import Incident, Report
from impact.moderation.deciding import Correction, DecisionRefused, StaleIncident, correct_incident
from impact.moderation.log import first_broken_entry
from impact.moderation.merging import merge_incidents, standing_merges, undo_merge
from impact.moderation.models import Decision, Merge
from impact.moderation.sources import independent_sources
from tests.builders import NOW, make_incident, make_moderator, make_organisation, take_in

pytestmark = pytest.mark.django_db


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def merge(kept: Incident, merged: Incident, moderator: User) -> Merge:
    return merge_incidents(
        kept=kept,
        merged=merged,
        moderator=moderator,
        reason="the same night",
        expected_version=fresh(kept).version,
    )


def undo(standing: Merge, moderator: User) -> Incident:
    return undo_merge(merge=standing, moderator=moderator, reason="two nights after all")


def whereabouts() -> dict[UUID, UUID]:
    return dict(Report.objects.values_list("pk", "incident_id"))


@pytest.fixture
def pair() -> tuple[Incident, Incident]:
    return make_incident(text="Soldiers shot two men"), make_incident(text="Deux creuseurs ont été tués")


def test_every_testimony_is_kept_as_sent_and_sources_are_counted(
    pair: tuple[Incident, Incident], moderator: User
) -> None:
    kept, merged = pair
    texts = set(Report.objects.values_list("text", flat=True))
    merge(kept, merged, moderator)
    assert set(kept.reports.values_list("text", flat=True)) == texts
    assert len(independent_sources(kept)) == 2
    gone = fresh(merged)
    assert (gone.triage, gone.merged_into) == ("duplicate", kept)
    assert fresh(kept).harm_codes == ["killing"]
    [at_merged, at_kept] = Decision.objects.order_by("incident_id", "sequence").filter(action="merge")
    assert {at_merged.incident_id, at_kept.incident_id} == {kept.pk, merged.pk}
    assert first_broken_entry() is None


def test_it_is_taken_out_again_after_later_edits(pair: tuple[Incident, Incident], moderator: User) -> None:
    kept, merged = pair
    before = whereabouts()
    standing = merge(kept, merged, moderator)
    kept = fresh(kept)
    correct_incident(
        incident=kept,
        moderator=moderator,
        correction=Correction(place_name="Kamako"),
        reason="the village",
        expected_version=kept.version,
    )
    back = undo(standing, moderator)
    assert whereabouts() == before
    assert (back.triage, back.merged_into) == ("new", None)
    assert fresh(kept).place_name == "Kamako"
    assert not standing_merges(kept).exists()
    with pytest.raises(DecisionRefused, match="already"):
        undo(standing, moderator)
    merge(kept, merged, moderator)
    assert kept.reports.count() == 2


def test_chains_of_merges_come_apart_in_any_order(moderator: User) -> None:
    for seed in range(6):
        cases = [make_incident(text=f"case {number} of {seed} tells its own story") for number in range(4)]
        before = {pk: at for pk, at in whereabouts().items() if at in {case.pk for case in cases}}
        merges = [merge(cases[number + 1], cases[number], moderator) for number in range(3)]
        assert cases[3].reports.count() == 4
        random.Random(seed).shuffle(merges)
        for standing in merges:
            undo(standing, moderator)
        assert {pk: at for pk, at in whereabouts().items() if pk in before} == before


def test_a_merge_within_a_chain_takes_along_only_what_it_brought(moderator: User) -> None:
    one, two, three = (make_incident(text=f"the story number {number}") for number in range(3))
    first, second = merge(two, one, moderator), merge(three, two, moderator)
    undo(first, moderator)
    assert (one.reports.count(), two.reports.count(), three.reports.count()) == (1, 0, 2)
    undo(second, moderator)
    assert (one.reports.count(), two.reports.count(), three.reports.count()) == (1, 1, 1)


def test_a_report_that_came_to_the_kept_case_later_stays(
    pair: tuple[Incident, Incident], moderator: User
) -> None:
    kept, merged = pair
    standing = merge(kept, merged, moderator)
    take_in("another witness", received_at=NOW + timedelta(days=1))
    Report.objects.filter(text="another witness").update(incident=kept)
    undo(standing, moderator)
    assert set(kept.reports.values_list("text", flat=True)) == {"Soldiers shot two men", "another witness"}


def test_what_the_coalition_may_not_read_stays_out_of_a_shared_case(moderator: User) -> None:
    shared = make_incident(shared_at=NOW)
    shared.reports.update(may_share=True)
    silent, agreed = make_incident(), make_incident()
    silent.reports.update(may_share=False)
    agreed.reports.update(may_share=True)
    with pytest.raises(DecisionRefused, match="did not agree"):
        merge(shared, silent, moderator)
    merge(shared, agreed, moderator)
    assert {report.may_share for report in shared.reports.all()} == {True}


def test_what_one_organisation_was_told_is_not_moved_to_another_without_the_reporter(moderator: User) -> None:
    partner = make_organisation()
    Membership.objects.create(user=moderator, role=Role.MODERATOR, organisation=partner)
    theirs, ours = make_incident(organisation=partner), make_incident()
    with pytest.raises(DecisionRefused, match="another organisation"):
        merge(theirs, ours, moderator)
    merge(make_incident(organisation=default_organisation()), make_incident(), moderator)  # one and the same
    ours.reports.update(may_share=True)
    merge(theirs, ours, moderator)


def test_what_only_seniors_see_stays_among_them(senior: User) -> None:
    open_case = make_incident()
    for guarded in (
        make_incident(harms=("sexual_violence",)),
        make_incident(has_identifiable_children=True),
    ):
        with pytest.raises(DecisionRefused, match="senior moderators"):
            merge(open_case, guarded, senior)
        merge(make_incident(harms=("killing", "sexual_violence")), guarded, senior)


def test_what_cannot_be_merged_is_refused_whole(pair: tuple[Incident, Incident], moderator: User) -> None:
    kept, merged = pair
    outsider = make_moderator("outsider", organisation=make_organisation())
    with pytest.raises(DecisionRefused, match="itself"):
        merge(kept, kept, moderator)
    with pytest.raises(DecisionRefused, match="not yours"):
        merge(kept, merged, outsider)
    Incident.objects.filter(pk=merged.pk).update(publication="public")
    with pytest.raises(DecisionRefused, match="public"):
        merge(kept, merged, moderator)
    Incident.objects.filter(pk=merged.pk).update(publication="internal")
    with pytest.raises(StaleIncident):
        merge_incidents(kept=kept, merged=merged, moderator=moderator, reason="x", expected_version=9)
    assert not Merge.objects.exists()
    assert not Decision.objects.exists()
    merge(kept, merged, moderator)
    with pytest.raises(DecisionRefused, match="merged already"):
        merge(make_incident(), merged, moderator)
