"""One thing has one name: in the fields of every page, in errors, in the log of a case and in files."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from impact.accounts.models import User
from impact.publication.filter_labels import filter_label
from impact.summaries.formats.about import area_dictionary, data_dictionary
from impact.web.desk.areas.wording import area_column_words
from impact.web.desk.facts_form import FactsForm
from impact.web.desk.wording import column_words

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
_LABEL = re.compile(r'<label for="f-([a-z]+)">([^<]+)</label>')


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_labels_a_filter_alike_on_every_page(client: Client, advocate: User, language: str) -> None:
    client.force_login(advocate)
    for page in ("/", "/explore/", "/exports/"):
        text = client.get(page, headers={"accept-language": language}).content.decode()
        labels = dict(_LABEL.findall(text))
        assert len(labels) >= 5, page
        with translation.override(language):
            assert labels == {name: filter_label(name) for name in labels}, page


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_names_a_wrong_filter_as_its_field(client: Client, language: str) -> None:
    for page, name in (("/explore/", "perpetrator"), ("/explore/", "kind"), ("/areas/", "kind")):
        text = client.get(page, {name: "nonsense"}, headers={"accept-language": language}).content.decode()
        [label] = re.findall(rf'<label for="(?:f-)?{name}">([^<]+)</label>', text)
        assert f"{label} ({name}): " in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_calls_a_column_as_the_desk_does(language: str) -> None:
    same = (
        "perpetrator verification reliability credibility minerals country harms occurred_precision".split()
    )
    with translation.override(language):
        incidents = {note.name: note.label for note in data_dictionary()}
        areas = {note.name: note.label for note in area_dictionary()}
        assert {name: column_words(name) for name in same} == {name: incidents[name] for name in same}
        assert incidents["text"] == column_words("public_text")
        assert incidents["perpetrator"] == filter_label("perpetrator")
        assert incidents["nearest_area_kind"] == filter_label("kind")
        desk = {name: area_column_words(name) for name in areas}
        # The desk calls a column that it does not know by its name.
        assert {name: label for name, label in desk.items() if label != name}.items() <= areas.items()
        fields = FactsForm.base_fields
        for name in ("perpetrator", "minerals", "occurred_from", "occurred_to", "occurred_precision"):
            assert str(fields[name].label) == incidents[name]
