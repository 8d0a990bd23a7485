"""The five sentences of a brief: they claim no more than was counted; an advocate may put them otherwise."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.crosswalks import Ask
from impact.formats.days import months_words
from impact.places.basemap import country_name
from impact.summaries.brief.figures import Figures
from impact.summaries.brief.options import BriefOptions
from impact.vocabulary import AreaKind, PeopleKind, Perpetrator


def five_sentences(figures: Figures, options: BriefOptions) -> list[str]:
    """How many and when; who was hurt; by whom; how often and how widely; beside which kind of mining.

    Where nothing is published, sentences that say so and what it does not mean.
    """
    own = dict(options.sentences)
    if not figures["incidents"]:
        written = [_nothing(options), *_meaning_of_nothing()]
    else:
        written = [
            _scale(figures, options),
            _people(figures),
            _authors(figures),
            _pattern(figures),
            _mining(figures),
        ]
    added = [own[number] for number in sorted(own) if number > len(written)]
    return [own.get(number, sentence) for number, sentence in enumerate(written, start=1)] + added


def _nothing(options: BriefOptions) -> str:
    if options.country:
        return _("No incident beside mines in %(place)s was published for what was chosen here.") % {
            "place": country_name(options.country)
        }
    return _("No incident beside mines was published for what was chosen here.")


def _meaning_of_nothing() -> list[str]:
    return [
        _("That nothing is published does not mean that nothing happened."),
        _("There is nothing to publish where nobody can report, or where nothing could be verified."),
    ]


def period_of(figures: Figures) -> str:
    """ "January 2024 to June 2026", "at times that are not known", or that nothing was published."""
    known = figures.period
    if not figures["incidents"]:
        return _("nothing published")
    if known is None:
        return _("at times that are not known")
    return months_words(*known)


def people_words(figures: Figures) -> str:
    """ "at least 12 killed, 30 injured": the kinds that anybody was counted in."""
    words = {
        PeopleKind.KILLED: _("%(count)s killed"),
        PeopleKind.INJURED: _("%(count)s injured"),
        PeopleKind.ARRESTED: _("%(count)s arrested"),
        PeopleKind.DISPLACED: _("%(count)s displaced"),
        PeopleKind.AFFECTED: _("%(count)s otherwise affected"),
    }
    by_people = figures["killings.people.killed"]
    if by_people != figures["people.killed"]:
        words[PeopleKind.KILLED] = _("%(count)s killed (%(killings)s of them in killings)")
    return ", ".join(
        text
        % {
            "count": number_format(figures[f"people.{kind}"], force_grouping=True),
            "killings": number_format(by_people, force_grouping=True),
        }
        for kind, text in words.items()
        if figures[f"people.{kind}"]
    )


def _scale(figures: Figures, options: BriefOptions) -> str:
    count = figures["incidents"]
    place = (
        country_name(options.country)
        if options.country
        else ngettext("%(count)s country", "%(count)s countries", figures["countries"])
        % {"count": number_format(figures["countries"], force_grouping=True)}
    )
    return ngettext(
        "%(count)s incident beside mines in %(place)s was verified or partially corroborated and published "
        "(%(period)s).",
        "%(count)s incidents beside mines in %(place)s were verified or partially corroborated and published "
        "(%(period)s).",
        count,
    ) % {"count": number_format(count, force_grouping=True), "place": place, "period": period_of(figures)}


def _people(figures: Figures) -> str:
    counted = people_words(figures)
    if not counted:
        return _("The reports count no people: that is not to say that nobody was hurt.")
    return _("People were harmed in them: at least %(people)s; only those whom the reports count.") % {
        "people": counted
    }


def _authors(figures: Figures) -> str:
    return _(
        "Public or private security forces are named in %(forces)s of %(count)s, armed groups in %(groups)s; "
        "the present definition of conflict diamonds reaches rebel movements only."
    ) % {
        "forces": number_format(figures["security_forces"], force_grouping=True),
        "groups": number_format(figures[f"perpetrator.{Perpetrator.ARMED_GROUP}"], force_grouping=True),
        "count": number_format(figures["incidents"], force_grouping=True),
    }


def _pattern(figures: Figures) -> str:
    stem = f"ask.{Ask.VIOLENCE}"
    return ngettext(
        "Violence was published in %(count)s incident, in %(months)s of the %(span)s months; %(areas)s "
        "producing areas have some of it nearby.",
        "Violence was published in %(count)s incidents, in %(months)s of the %(span)s months; %(areas)s "
        "producing areas have some of it nearby.",
        figures[f"{stem}.incidents"],
    ) % {
        "count": number_format(figures[f"{stem}.incidents"], force_grouping=True),
        "areas": number_format(figures[f"{stem}.areas"], force_grouping=True),
        "months": number_format(figures[f"{stem}.months"], force_grouping=True),
        "span": number_format(sum(name.startswith("month.") for name in figures.values)),
    }


def _mining(figures: Figures) -> str:
    return _(
        "The nearest producing area is artisanal for %(artisanal)s, industrial for %(industrial)s, both for "
        "%(mixed)s; near does not mean caused by."
    ) % {
        kind.value: number_format(figures[f"kind.{kind}"], force_grouping=True)
        for kind in (AreaKind.ARTISANAL, AreaKind.INDUSTRIAL, AreaKind.MIXED)
    }
