"""What a brief says of itself: method, standard of proof, limits, and how to check it."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from impact.publication.models import Snapshot


def method() -> list[str]:
    """How a report becomes a number here."""
    return [
        _(
            "People who live beside mines report by text message, on the web or through partner "
            "organisations. Each report is kept exactly as sent. Moderators of the coalition check it "
            "against other reports, local contacts and evidence, grade source and information apart, and "
            "decide; every decision is logged in a chain that shows later changes."
        ),
        _standard_of_proof(),
        _(
            "An incident is set beside producing areas by distance from its published hexagon. Distance is "
            "geodesic; production is as disclosed by participants of the Kimberley Process, and what is not "
            "disclosed is said to be so."
        ),
    ]


def _standard_of_proof() -> str:
    if settings.TWO_PERSON:
        return _(
            "Standard of proof: “verified” means that one moderator proposed it and another confirmed it, "
            "both with reasonable grounds to believe that it happened as stated. “Partially corroborated” "
            "means that its core, but not every detail, has such grounds. Neither is a finding of guilt."
        )
    return _(
        "Standard of proof: “verified” means that a moderator had reasonable grounds to believe that it "
        "happened as stated. “Partially corroborated” means that its core, but not every detail, has such "
        "grounds. Neither is a finding of guilt."
    )


def limits() -> list[str]:
    """What the numbers do not say."""
    return [
        _(
            "Limits: these are reports that reached the coalition and could be published without exposing "
            "anybody. They are not a sample; few reports do not mean little harm; many may mean an active "
            "network. Counts of people are lower bounds and only of those whom a report numbers. Harms such "
            "as sexual violence are told in rounded counts only and are not in these tables."
        ),
        _(
            "Places are coarsened to fixed hexagons and days to weeks or months, so that no witness can be "
            "found through them; this costs the brief precision and is done on purpose."
        ),
    ]


def how_to_check(snapshot: Snapshot) -> dict[str, Any]:
    """What a doubter does."""
    url = f"{settings.PUBLIC_URL}/snapshots/{snapshot.pk}/"
    lines = f"headlamp-{snapshot.pk}.jsonl"  # as the page calls it
    return {
        "title": _("How to check this brief"),
        "steps": [
            _(
                "Fetch the snapshot’s lines from its page, and the file figures.json that comes with this "
                "brief."
            ),
            _("Run the two scripts that the product ships; they need Python and nothing else:"),
            _(
                "The first computes the digest below from the lines. The second asks every figure of the "
                "brief again and names each that differs."
            ),
        ],
        "commands": [
            f"python3 check_snapshot.py {lines} \\",
            f"  {snapshot.digest}",
            f"python3 check_brief.py {lines} figures.json",
        ],
        "url": url,
        "digest_label": _("SHA-256 of the snapshot:"),
        "digest": snapshot.digest,
    }
