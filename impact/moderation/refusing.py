"""Why a decision was not taken."""


class DecisionRefused(Exception):
    """A decision that cannot be taken; the message says why (translated)."""


class StaleIncident(DecisionRefused):
    """Somebody else changed the incident since the page was opened."""
