"""The coalition's asks in the words of 2018, and the bodies of the Kimberley Process that each concerns.

The two clauses are Canada's proposal to the Brussels plenary (12 to 16 November 2018), as the World Diamond
Council published it on 14 November 2018; some reports of that day have "systemic" for "systematic". The third
is the press release of the Kimberley Process Civil Society Coalition of the same day. Quoted in English, in
which they were made.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from impact.crosswalks import Ask

FINANCE_CLAUSE = (
    "rough diamonds used by public security forces or private (including criminal or mercenary) armed "
    "groups to acquire wealth through the illegal control, bribery, taxation, extortion or dispossession of "
    "people"
)
HARM_CLAUSE = (
    "acquired through systematic and widespread violence, forced labour, the worst forms of child labour, or "
    "through violations of international humanitarian law"
)
ENVIRONMENT_CLAUSE = (
    "a broader consideration of human rights violations and environmental harm in the KP system"
)


@dataclass(frozen=True, slots=True)
class AskWords:
    """`clause` is the wording of 2018; `bodies` those of the Kimberley Process whose matter it is."""

    clause: str
    bodies: tuple[str, ...]


BODIES = {
    "AHCRR": _("Ad Hoc Committee on Review and Reform"),
    "WGM": _("Working Group on Monitoring"),
    "WGS": _("Working Group of Statistics"),
    "WGAAP": _("Working Group on Artisanal and Alluvial Production"),
}
ASK_WORDS: dict[str, AskWords] = {
    Ask.VIOLENCE: AskWords(HARM_CLAUSE, ("AHCRR", "WGM")),
    Ask.FORCED_LABOUR: AskWords(HARM_CLAUSE, ("AHCRR", "WGAAP")),
    Ask.CHILD_LABOUR: AskWords(HARM_CLAUSE, ("AHCRR", "WGAAP")),
    Ask.HUMANITARIAN_LAW: AskWords(HARM_CLAUSE, ("AHCRR", "WGM")),
    Ask.SECURITY_FINANCE: AskWords(FINANCE_CLAUSE, ("AHCRR", "WGM")),
    Ask.ENVIRONMENT: AskWords(ENVIRONMENT_CLAUSE, ("AHCRR", "WGAAP")),
}
