"""Sharing a case with the other organisations of the coalition, and taking that back."""

from django.utils.translation import gettext

from impact.accounts.models import User
from impact.moderation.sharing import share_incident, unshare_incident
from impact.web.desk.case_form import CaseForm


class ShareForm(CaseForm):
    """One button: it shares what is not shared, and takes back what is."""

    action = "share"

    def decide(self, moderator: User) -> str:
        if self.incident.shared_at is not None:
            unshare_incident(**self.decision(moderator))
            return gettext("No longer shared in the coalition.")
        share_incident(**self.decision(moderator))
        return gettext("Shared: all organisations of the coalition can read it.")
