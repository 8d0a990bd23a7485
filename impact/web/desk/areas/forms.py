"""What a moderator can do to a producing area: one form each, each with a reason."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from impact.places.basemap import country_choices, country_codes
from impact.places.curating import (
    add_alias,
    correct_area,
    join_areas,
    remove_alias,
    restore_area,
    retire_area,
    split_area,
    tell_apart,
)
from impact.places.models import AreaAlias, ProducingArea
from impact.vocabulary import AreaKind, Mineral

LANGUAGES = (
    ("", _("not known")),
    *((code, name) for code, name in (
        ("en", "English"), ("fr", "français"), ("pt", "português"), ("sw", "Kiswahili"), ("ln", "lingála"),
        ("kg", "kikongo"), ("lua", "tshiluba"), ("sg", "sängö"), ("kri", "Krio"), ("sn", "chiShona"),
        ("rw", "Ikinyarwanda"), ("ny", "Chichewa"), ("ha", "Hausa"), ("ff", "Fulfulde"), ("bm", "bamanankan"),
        ("ar", "العربية"),
    )),
)  # fmt: skip


class AreaForm(forms.Form):
    """`decide` makes the change and returns what to say. Raises AreaRefused."""

    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, area: ProducingArea, *arguments: Any, **named: Any) -> None:
        self.area = area
        named.setdefault("initial", {"expected_version": area.version, **self.starting(area)})
        named["label_suffix"] = ""
        super().__init__(*arguments, **named)

    def starting(self, area: ProducingArea) -> dict[str, Any]:
        return {}

    def decide(self, by: int) -> str:
        raise NotImplementedError

    def told(self, by: int) -> dict[str, Any]:
        return {
            "area": self.area,
            "by": by,
            "reason": self.cleaned_data["reason"],
            "expected_version": self.cleaned_data["expected_version"],
        }


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class CorrectForm(AreaForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    country = forms.ChoiceField(label=_("Country"))
    kind = forms.ChoiceField(label=_("Kind of mining"), choices=AreaKind.choices)
    minerals = forms.MultipleChoiceField(
        label=_("Minerals"), choices=Mineral.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    operator = forms.CharField(label=_("Operator"), max_length=200, required=False)
    title_holder = forms.CharField(label=_("Title holder"), max_length=200, required=False)
    active_from = _day(_("Worked from"))
    active_to = _day(_("Worked until"))
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    accuracy_m = forms.FloatField(
        label=_("True place within (m)"), min_value=0, max_value=1_000_000, required=False
    )
    is_approximate = forms.BooleanField(label=_("Approximate"), required=False)
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = (
        "name", "country", "kind", "minerals", "operator", "title_holder", "active_from", "active_to",
        "longitude", "latitude", "accuracy_m", "is_approximate", "note", "reason",
    )  # fmt: skip

    def __init__(self, area: ProducingArea, *arguments: Any, **named: Any) -> None:
        super().__init__(area, *arguments, **named)
        country = self.fields["country"]
        if isinstance(country, forms.ChoiceField):
            country.choices = country_choices(country_codes())
        for axis in ("longitude", "latitude", "accuracy_m"):
            self.fields[axis].widget.attrs["step"] = "any"
        if area.geometry.geom_type != "Point":
            # A shape is corrected in its source, or by another source's row that leads.
            del self.fields["longitude"], self.fields["latitude"]

    def starting(self, area: ProducingArea) -> dict[str, Any]:
        names = ("name", "country", "kind", "minerals", "operator", "title_holder", "accuracy_m",
                 "is_approximate", "note")  # fmt: skip
        values = {name: getattr(area, name) for name in names}
        values |= {name: _iso(getattr(area, name)) for name in ("active_from", "active_to")}
        if area.geometry.geom_type == "Point":
            values |= {"longitude": area.geometry.x, "latitude": area.geometry.y}
        return values

    def decide(self, by: int) -> str:
        kept = {"longitude", "latitude", "reason", "expected_version"}
        fields = {name: value for name, value in self.cleaned_data.items() if name not in kept}
        longitude, latitude = (self.cleaned_data.get(axis) for axis in ("longitude", "latitude"))
        if longitude is not None and latitude is not None:
            fields["geometry"] = Point(longitude, latitude, srid=4326)
        correct_area(fields=fields, **self.told(by))
        return gettext("Corrected. Imports leave alone what you set.")


class NameForm(AreaForm):
    name = forms.CharField(label=_("Another name"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    field_order = ("name", "language", "reason")

    def decide(self, by: int) -> str:
        add_alias(name=self.cleaned_data["name"], language=self.cleaned_data["language"], **self.told(by))
        return gettext("Named. Reports are read with it.")


class UnnameForm(AreaForm):
    alias = forms.ModelChoiceField(label=_("Name"), queryset=AreaAlias.objects.none())
    field_order = ("alias", "reason")

    def __init__(self, area: ProducingArea, *arguments: Any, **named: Any) -> None:
        super().__init__(area, *arguments, **named)
        field = self.fields["alias"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = area.other_names.filter(origin=AreaAlias.Origin.MODERATOR)

    def decide(self, by: int) -> str:
        remove_alias(alias=self.cleaned_data["alias"], **self.told(by))
        return gettext("Name removed.")


class RetireForm(AreaForm):
    on = _day(_("Since"))
    field_order = ("on", "reason")

    def decide(self, by: int) -> str:
        retire_area(on=self.cleaned_data["on"], **self.told(by))
        return gettext("Retired. It keeps its history and its links, and gets no new ones.")


class RestoreForm(AreaForm):
    def decide(self, by: int) -> str:
        restore_area(**self.told(by))
        return gettext("Taken back into use.")


class OtherForm(AreaForm):
    """About this area and another one, given by its number."""

    field_order: tuple[str, ...] = ("other", "reason")

    other = forms.IntegerField(label=_("Number of the other area"), min_value=1)

    def clean_other(self) -> ProducingArea:
        other = ProducingArea.objects.filter(pk=self.cleaned_data["other"]).first()
        if other is None:
            raise forms.ValidationError(_("There is no area of this number."))
        return other


class JoinForm(OtherForm):
    leads = forms.ChoiceField(
        label=_("Which leads"),
        choices=(("this", _("This one")), ("other", _("The other one"))),
        initial="this",
    )
    field_order = ("other", "leads", "reason")

    def decide(self, by: int) -> str:
        told, other = self.told(by), self.cleaned_data["other"]
        if self.cleaned_data["leads"] == "other":
            join_areas(to=other, **told)
        else:
            join_areas(**{**told, "area": other, "to": self.area, "expected_version": other.version})
        return gettext("Joined. Each source keeps its row.")


class ApartForm(OtherForm):
    def decide(self, by: int) -> str:
        tell_apart(other=self.cleaned_data["other"], **self.told(by))
        return gettext("Two places. They are not suggested again.")


class SplitForm(AreaForm):
    def decide(self, by: int) -> str:
        split_area(**self.told(by))
        return gettext("Split. It is a place of its own again.")


FORMS: dict[str, type[AreaForm]] = {
    "correct": CorrectForm,
    "name": NameForm,
    "unname": UnnameForm,
    "retire": RetireForm,
    "restore": RestoreForm,
    "join": JoinForm,
    "apart": ApartForm,
    "split": SplitForm,
}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
