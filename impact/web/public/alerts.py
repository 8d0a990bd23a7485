"""E-mail alerts: the form, the second yes, and the way out."""

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from impact.places.covered import covered_countries
from impact.places.models import ProducingArea
from impact.publication.subscribing import confirm, find_subscription, scope_words, subscribe, unsubscribe


class AlertForm(forms.Form):
    """Where to, and what about: an area goes before a country."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    area = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self.fields["country"].choices = [("", _("All countries")), *covered_countries()]  # type: ignore[attr-defined]
        self.chosen_area: ProducingArea | None = None

    def clean_area(self) -> int | None:
        chosen: int | None = self.cleaned_data["area"]
        if chosen is not None:
            self.chosen_area = ProducingArea.objects.filter(pk=chosen).first()
            if self.chosen_area is None:
                raise forms.ValidationError(_("There is no such area."))
        return chosen


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alerts(request: HttpRequest) -> HttpResponse:
    """Ask for alerts. What is answered is the same whether the address is known."""
    if not settings.EMAIL_IS_ON:
        return render(request, "public/alerts.html", {"is_off": True})
    if request.method != "POST":
        starting = {name: request.GET.get(name, "") for name in ("country", "area")}
        chosen = starting["area"] if starting["area"].isascii() and starting["area"].isdigit() else ""
        named = ProducingArea.objects.filter(pk=int(chosen)).first() if chosen and len(chosen) < 19 else None
        starting["area"] = chosen if named else ""
        return render(request, "public/alerts.html", {"form": AlertForm(initial=starting), "area": named})
    form = AlertForm(request.POST)
    if not form.is_valid():
        return render(request, "public/alerts.html", {"form": form, "area": form.chosen_area}, status=422)
    is_taken = subscribe(
        address=form.cleaned_data["email"],
        country="" if form.chosen_area else form.cleaned_data["country"],
        area=form.chosen_area,
        language=get_language() or settings.LANGUAGE_CODE,
    )
    if not is_taken:
        form.add_error(None, _("Too many people ask for alerts at this moment. Try again in an hour."))
        return render(request, "public/alerts.html", {"form": form, "area": form.chosen_area}, status=503)
    return render(request, "public/alerts.html", {"is_asked": True})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_alerts(request: HttpRequest, key: str) -> HttpResponse:
    """The second yes: a button, since programs that check mail for viruses open every link."""
    found = find_subscription(key)
    if found is None:
        raise Http404(_("There is no such request for alerts. It may have been left, or be too old."))
    if request.method == "POST":
        confirm(found)
    context = {"scope": scope_words(found), "is_confirmed": request.method == "POST", "key": key}
    return render(request, "public/alerts_confirm.html", context)


@csrf_exempt  # RFC 8058: mail programs post here by themselves, knowing the key and nothing else
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave_alerts(request: HttpRequest, key: str) -> HttpResponse:
    """One click out, by the link or by a mail program's own button. Clicking twice is no error."""
    if request.method != "HEAD":
        unsubscribe(key)
    return render(request, "public/alerts_left.html")
