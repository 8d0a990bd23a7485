"""A question for each thing found in words for the public: why may it stay?"""

import hashlib
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _

from impact.publication.redacting import reasons_given_before
from impact.understanding.redaction import Finding
from impact.web.desk.case_form import REASON_LIMIT, CaseForm
from impact.web.desk.redaction_words import finding_words


def left_fields(form: CaseForm, findings: Iterable[Finding]) -> dict[str, str]:
    """Give a form a field for each different thing found; returns the words found by the field's name.

    A second moderator finds the first one's reasons filled in, and can put others.
    """
    found = {finding.words: finding for finding in findings}
    before = reasons_given_before(form.incident) if found else {}
    fields: dict[str, str] = {}
    for words, finding in found.items():
        name = f"left_{hashlib.sha256(words.encode()).hexdigest()[:12]}"
        form.fields[name] = forms.CharField(
            label=_("%(kind)s: %(words)s. Why may it stay?")
            % {"kind": finding_words(finding), "words": words},
            max_length=REASON_LIMIT,
            min_length=3,
            initial=before.get(words, ""),
            error_messages={"required": _("Take it out of the text, or say why it may stay.")},
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        fields[name] = words
    return fields
