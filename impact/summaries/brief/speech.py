"""The numbers of two minutes at a microphone: plain text, short lines, each a figure of the brief."""

import textwrap

from django.utils.translation import gettext as _

from impact.formats.days import day_words
from impact.publication.models import Snapshot
from impact.summaries.brief.figures import Figures
from impact.summaries.brief.narrative import five_sentences
from impact.summaries.brief.options import BriefOptions
from impact.summaries.brief.scope import scope_words

_LINE = 64


def speech_numbers(snapshot: Snapshot, figures: Figures, options: BriefOptions) -> str:
    """The five sentences to be read aloud, and where they are from."""
    parts = []
    if snapshot.is_fictional:
        parts.append(_("FICTIONAL DEMONSTRATION DATA"))
    if scope := scope_words(snapshot, options):
        parts.append(textwrap.fill(_("Counted here: %(what)s.") % {"what": scope}, _LINE))
    parts += [
        textwrap.fill(f"{number}. {sentence}", _LINE, subsequent_indent="   ")
        for number, sentence in enumerate(five_sentences(figures, options), start=1)
    ]
    parts.append(
        textwrap.fill(
            _("As of %(day)s; snapshot %(id)s. Every number can be checked there.")
            % {"day": day_words(snapshot.created_at), "id": snapshot.pk},
            _LINE,
        )
    )
    return "\n\n".join(parts) + "\n"
