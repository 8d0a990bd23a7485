"""Two people for what cannot be taken back lightly: the first proposes, another one confirms.

Held here and not in any page. Every function is called with the incident's row locked, so that two
moderators who press at the same moment are two in a row.
"""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.access import can_decide_case, is_senior_of
from impact.moderation.casework import Proposal
from impact.moderation.refusing import DecisionRefused
from impact.vocabulary import Harm

Step = Proposal.Step


def standing_proposal(incident: Incident, step: Proposal.Step) -> Proposal | None:
    """What a first moderator proposed and nobody confirmed yet.

    None where they may no longer decide about the case: the word of somebody who left, or whose account was
    closed because it was not theirs alone any more, is not one of two.
    """
    proposal = incident.proposals.filter(step=step).select_related("proposed_by").first()
    return proposal if proposal is not None and can_decide_case(proposal.proposed_by, incident) else None


def propose(
    locked: Incident, moderator: User, step: Proposal.Step, *, reason: str, now: datetime, text: str = ""
) -> None:
    """Write a first moderator's proposal, in place of one that stood."""
    Proposal.objects.update_or_create(
        incident=locked,
        step=step,
        defaults={"proposed_by": moderator, "proposed_at": now, "reason": reason, "text": text},
    )


def confirm(locked: Incident, moderator: User, step: Proposal.Step, *, text: str = "") -> None:
    """Let a second moderator confirm what another one proposed; the proposal is then used up.

    Raises DecisionRefused when nothing was proposed, when it was proposed by the same person or with other
    words, and when a killing has no senior moderator among the two: senior where the case is, for both
    answer for it to its organisation. Without the rule of two (HEADLAMP_TWO_PERSON), does nothing.
    """
    if not settings.TWO_PERSON:
        return
    proposal = standing_proposal(locked, step)
    if proposal is None:
        raise DecisionRefused(_("It takes two people: propose it first, and another moderator confirms."))
    if proposal.proposed_by_id == moderator.pk:
        raise DecisionRefused(_("You proposed this yourself: another moderator has to confirm it."))
    if proposal.text != text:
        raise DecisionRefused(_("These are not the words that were proposed: propose yours."))
    if lacks_senior(locked, moderator, proposal):
        raise DecisionRefused(_("For a killing, one of the two has to be a senior moderator."))
    proposal.delete()


def lacks_senior(incident: Incident, moderator: User, proposal: Proposal) -> bool:
    """Whether it is a killing, and neither who proposed nor who would confirm is a senior of its place."""
    if Harm.KILLING not in incident.harm_codes:
        return False
    return not any(is_senior_of(person, incident) for person in (moderator, proposal.proposed_by))


def is_first_word(incident: Incident, moderator: User, text: str) -> bool:
    """Whether publishing these words now would be a first moderator's proposal, not a second one's word.

    Who proposed words and presses again is told so by `confirm`; other words are a proposal of their own.
    """
    if not settings.TWO_PERSON:
        return False
    proposal = standing_proposal(incident, Step.PUBLISH)
    return proposal is None or proposal.text != text.strip()


def withdraw_proposals(locked: Incident, *steps: Proposal.Step) -> None:
    """Take back what was proposed (of these steps; of all without any): the case is no longer what the first
    moderator looked at."""
    locked.proposals.filter(step__in=steps or Step.values).delete()
