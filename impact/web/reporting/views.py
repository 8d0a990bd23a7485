"""The report form: four questions, a look at the answers, a reference. No script is needed for any of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from impact.incidents.intake import DraftError, submit_report
from impact.places.basemap import country_name
from impact.places.gazetteer import NamedPlace
from impact.vocabulary import Harm
from impact.web.reporting.answers import Answers, draft_of, no_answers, sealed, unsealed
from impact.web.reporting.forms import ConsentStep, Step, WhatStep, WhereStep
from impact.web.reporting.place_choices import place_choices
from impact.web.reporting.when_form import WhenStep

STEPS: dict[str, type[Step]] = {
    "what": WhatStep,
    "where": WhereStep,
    "when": WhenStep,
    "consent": ConsentStep,
}
_NAMES = list(STEPS)
_STEP_OF_FIELD = {"text": "what", "point": "where", "occurred_from": "when", "occurred_to": "when"}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Every step comes by POST to this one address, with the answers so far in the page.

    `step` is the page that was sent, `go` the button: next, back, stay (another language), search, send,
    or the name of a step to change.
    """
    if request.method != "POST":
        return _ask(request, "what", no_answers())
    answers = unsealed(request.POST.get("answers", ""))
    step, go = request.POST.get("step", ""), request.POST.get("go", "next")
    if answers is None:
        return _start_again(request, step)
    if step in STEPS:
        return _answered(request, step, go, answers)
    if go in STEPS:
        return _ask(request, go, answers, then="check")
    if go == "send" and answers.text:
        return _send(request, answers)
    return _check(request, answers)


def _answered(request: HttpRequest, step: str, go: str, answers: Answers) -> HttpResponse:
    form = STEPS[step](request.POST)
    then = "check" if request.POST.get("then") == "check" else ""
    if go == "stay":
        return _ask(request, step, answers, form=form, then=then)
    if not form.is_valid():
        return _ask(request, step, answers, form=form, then=then, has_errors=True)
    if go == "back":
        before = _NAMES[max(_NAMES.index(step) - 1, 0)]
        answers = form.merged(answers)
        return _check(request, answers) if then else _ask(request, before, answers)
    if isinstance(form, WhereStep) and ((found := _unchosen_places(form, go)) or go == "search"):
        return _ask(request, step, answers, form=form, then=then, places=found)
    answers = form.merged(answers)
    following = _NAMES.index(step) + 1
    if then or following == len(_NAMES):
        return _check(request, answers)
    return _ask(request, _NAMES[following], answers)


def _unchosen_places(form: WhereStep, go: str) -> list[NamedPlace]:
    """Places to choose from, once for the same words; none when a point was given."""
    words = form.cleaned_data["place_words"]
    has_point = form.cleaned_data["latitude"] is not None
    if go != "search" and (has_point or words == form.cleaned_data["searched"]):
        return []
    return place_choices(words)


def _ask(
    request: HttpRequest,
    step: str,
    answers: Answers,
    *,
    form: Step | None = None,
    then: str = "",
    has_errors: bool = False,
    places: list[NamedPlace] | None = None,
    notice: str = "",
) -> HttpResponse:
    form = form or STEPS[step](initial=STEPS[step].initial_of(answers))
    context: dict[str, Any] = {
        "form": form,
        "step": step,
        "then": then,
        "number": _NAMES.index(step) + 1,
        "total": len(_NAMES),
        "answers": sealed(answers),
        "errors": _errors(form) if has_errors else [],
        "notice": notice,
    }
    if isinstance(form, WhereStep):
        words = str(form["place_words"].value() or "")
        shown = str(form["searched"].value() or "")
        found = places if places is not None else place_choices(words) if words == shown else []
        context |= {
            "places": [
                {
                    "key": f"{place.kind}:{place.id}",
                    "words": _place_words(place),
                    "point": f"{place.latitude:.4f},{place.longitude:.4f}",
                }
                for place in found
            ],
            "searched": words if found or places is not None else shown,
            "chosen": str(form["place"].value() or ""),
            "is_new_search": places is not None,
        }
    return render(request, form.template, context)


def _errors(form: Step) -> list[tuple[str, str]]:
    return [(f"id_{name}", str(error)) for name, errors in form.errors.items() for error in errors]


def _place_words(place: NamedPlace) -> str:
    words = f"{place.name}, {country_name(place.country)}" if place.country else place.name
    return _("%(place)s (mining area)") % {"place": words} if place.kind == "area" else words


def _check(request: HttpRequest, answers: Answers) -> HttpResponse:
    if not answers.text:
        return _ask(request, "what", answers)
    context = {
        "answers": sealed(answers),
        "given": answers,
        "harms": ", ".join(str(Harm(harm).label) for harm in answers.harms),
        "place": _chosen_place(answers),
        "days": answers.days,
    }
    return render(request, "reporting/check.html", context)


def _chosen_place(answers: Answers) -> str:
    kind, _colon, number = answers.place.partition(":")
    for place in place_choices(answers.place_words) if answers.place else []:
        if (place.kind, str(place.id)) == (kind, number):
            return _place_words(place)
    return ""


def _send(request: HttpRequest, answers: Answers) -> HttpResponse:
    try:
        receipt = submit_report(draft_of(answers))
    except DraftError as error:
        return _ask(
            request, _STEP_OF_FIELD.get(error.field, "what"), answers, notice=error.message, then="check"
        )
    return render(request, "reporting/done.html", {"receipt": receipt, "answers": sealed(answers)})


def _start_again(request: HttpRequest, step: str) -> HttpResponse:
    """The hidden field is not ours any more; what was typed on this page is kept."""
    typed = WhatStep(request.POST) if step == "what" else None
    notice = _("The earlier answers were lost on the way. Please begin again; nothing was sent.")
    return _ask(request, "what", no_answers(), form=typed, notice=notice)
