"""A phone on the screen, for demonstrations and debugging: what is typed goes the way of a real text."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

_SALT = "headlamp.simulator.conversation"
_KEPT = 40  # bubbles


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on the screen. `became` says what it was taken for, of the report with this reference."""

    text: str
    is_sent: bool
    reference: str = ""
    became: str = ""
    key: str = ""

    @property
    def note(self) -> str:
        """What came of a text that was sent."""
        if self.became not in _NOTES:
            return gettext("made no report")
        return str(_NOTES[self.became]) % {"reference": self.reference}


@dataclass(frozen=True, slots=True)
class Screen:
    """What the page carries from one text to the next; `contacts` are the telephones by their numbers."""

    bubbles: list[Bubble]
    contacts: dict[str, int]


_NOTES = {
    "report": _("report %(reference)s"),
    "answer": _("answer to %(reference)s"),
    "skip": _("answer to %(reference)s"),
    "addition": _("added to %(reference)s"),
    "correction": _("correction of %(reference)s"),
}
NUMBERS = (
    ("+243810000017", _("Congo, a woman who sells food at the pits")),
    ("+236720000017", _("Central African Republic, a digger")),
    ("+258840000017", _("Mozambique, a teacher")),
    ("+255740000017", _("Tanzania, a market trader")),
    ("+23276000017", _("Sierra Leone, a village chief")),
    ("+263770000017", _("Zimbabwe, a nurse")),
)
# Invented for the demonstration. They stand in the language that they would be written in.
EXAMPLES = (
    ("fr", "Hier soir des militaires ont tiré sur les creuseurs près de Tshikapa, 2 morts et 3 blessés"),
    ("en", "Police beat diggers at Koidu this morning and took their money, five people injured"),
    ("pt", "Ontem a segurança da mina bateu em quatro garimpeiros perto de Lucapa"),
    ("en", "Police beat two diggers at Koidoo"),
    ("fr", "SIGNALER"),
    ("sw", "Jana maji ya mto yamechafuliwa karibu na mgodi wa Geita, samaki wamekufa"),
)


class SimulatedText(forms.Form):
    sender = forms.CharField(
        max_length=16,
        error_messages={"required": _("Choose or type a number.")},
    )
    text = forms.CharField(
        max_length=2000,
        strip=True,
        error_messages={"required": _("Type a message first.")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def simulator(request: HttpRequest) -> HttpResponse:
    """The phone; on POST one text is received and the replies are shown. 404 outside the demo and debugging.

    The conversation is carried by the page itself, signed: nothing of it is kept on the server.
    """
    if not settings.SIMULATOR_ENABLED:
        raise Http404
    if request.method != "POST":
        example = request.GET.get("example", "")
        text = EXAMPLES[int(example)][1] if example in map(str, range(len(EXAMPLES))) else ""
        return _render(
            request, SimulatedText(initial={"sender": NUMBERS[0][0], "text": text}), Screen([], {})
        )
    screen = _read(request.POST.get("conversation", ""))
    form = SimulatedText(request.POST)
    sender = request.POST.get("sender", "")
    if "look" in request.POST:
        _receive(screen, sender)
        return _render(request, SimulatedText(initial={"sender": sender}), screen)
    if not form.is_valid():
        return _render(request, form, screen)
    sender, text = form.cleaned_data["sender"], form.cleaned_data["text"]
    _receive(screen, sender)
    try:
        exchange = import_string(settings.SIMULATE_MESSAGE)(sender, text)
    except ValueError:
        form.add_error("sender", _("This is not a number that can exist. Write it as +243810000017."))
        return _render(request, form, screen)
    screen.contacts[sender] = exchange.contact_id
    screen.bubbles.append(Bubble(text, is_sent=True, reference=exchange.reference, became=exchange.became))
    screen.bubbles.extend(Bubble(reply, is_sent=False) for reply in exchange.replies)
    return _render(request, SimulatedText(initial={"sender": sender}), screen)


def _receive(screen: Screen, sender: str) -> None:
    """Put what moderators wrote to this telephone meanwhile on the screen, once."""
    if sender not in screen.contacts:
        return
    shown = {bubble.key for bubble in screen.bubbles}
    for key, text in import_string(settings.SIMULATED_MAILBOX)(screen.contacts[sender]):
        if key not in shown:
            screen.bubbles.append(Bubble(text, is_sent=False, key=key))


def _read(signed: str) -> Screen:
    try:
        bubbles, contacts = signing.loads(signed, salt=_SALT)
        return Screen([Bubble(*parts) for parts in bubbles], dict(contacts))
    except (signing.BadSignature, TypeError, ValueError):
        return Screen([], {})


def _render(request: HttpRequest, form: SimulatedText, screen: Screen) -> HttpResponse:
    bubbles = screen.bubbles[-_KEPT:]
    parts = [(one.text, one.is_sent, one.reference, one.became, one.key) for one in bubbles]
    context: dict[str, Any] = {
        "form": form,
        "bubbles": bubbles,
        "conversation": signing.dumps((parts, screen.contacts), salt=_SALT, compress=True),
        "numbers": NUMBERS,
        "examples": EXAMPLES,
        "chosen": form["sender"].value(),
        "is_other": form["sender"].value() not in {number for number, _who in NUMBERS},
        "last_reference": next((b.reference for b in reversed(bubbles) if b.reference), ""),
        "title": gettext("Simulated phone"),
    }
    return render(request, "simulator/simulator.html", context)
