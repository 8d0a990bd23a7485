"""The forms of a case. Each reads what a moderator wrote and calls one function of the domain."""

from impact.web.desk.case_form import CaseForm
from impact.web.desk.facts_form import FactsForm
from impact.web.desk.outcome_forms import GradeForm, OutcomeForm
from impact.web.desk.place_form import PlaceForm
from impact.web.desk.publishing_forms import PublishForm, RetractForm
from impact.web.desk.sharing_form import ShareForm
from impact.web.desk.team_forms import AssignForm, FollowUpForm, LinkForm, MergeForm, UnmergeForm

FORMS: dict[str, type[CaseForm]] = {
    form.action: form
    for form in (
        *(OutcomeForm, GradeForm, PlaceForm, FactsForm, PublishForm, RetractForm),
        *(MergeForm, UnmergeForm, FollowUpForm, AssignForm, LinkForm, ShareForm),
    )
}
