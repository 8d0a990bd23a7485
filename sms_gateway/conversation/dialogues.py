"""Where the talk with each contact stands: what was asked, about which report, and until when it counts."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import models

from impact.incidents.asking import Choice
from sms_gateway.conversation.routing import CALLED, MODERATOR, Standing


class Dialogue(models.Model):
    """One row for a contact, changed in the transaction that takes a message in.

    Times are those of the messages, not of the server: a message that was held up somewhere is an
    answer to what stood when it was sent.
    """

    contact = models.OneToOneField("sms_gateway.Contact", on_delete=models.PROTECT, primary_key=True)
    reference = models.CharField(max_length=9, blank=True, help_text="Of the latest report")
    asked = models.CharField(max_length=10, blank=True, help_text="What is asked and not yet answered")
    asked_before = models.JSONField(default=list, blank=True)
    choices = models.JSONField(default=list, blank=True, help_text="The places offered, in their order")
    is_guided = models.BooleanField(default=False)
    question = models.UUIDField(null=True, blank=True, help_text="The moderator's message that is asked")
    language = models.CharField(max_length=8, blank=True, help_text="That the contact chose")
    told_at = models.DateTimeField(null=True, blank=True, help_text="The latest words about the report")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="After it, nothing is asked any more")

    def __str__(self) -> str:
        return f"dialogue {self.pk}"

    def standing(self, at: datetime) -> Standing:
        """How things stand for a message that was sent at this moment."""
        is_open = bool(self.asked) and self.expires_at is not None and at <= self.expires_at
        window = timedelta(minutes=settings.SMS_ADDITION_MINUTES)
        return Standing(
            reference=self.reference,
            asked=self.asked if is_open else "",
            choices=len(self.choices) if is_open else 0,
            is_guided=is_open and self.is_guided,
            is_recent=bool(self.reference) and self.told_at is not None and abs(at - self.told_at) <= window,
        )

    def choice(self, number: int) -> Choice:
        """The place with this number, counted from 1."""
        return Choice(**self.choices[number - 1])

    def begin(self, reference: str, at: datetime | None) -> None:
        """A new report: nothing is asked about it yet."""
        self.reference, self.told_at = reference, at
        self.asked, self.choices, self.asked_before, self.question = "", [], [], None
        self.is_guided, self.expires_at = False, None

    def ask(self, asked: str, at: datetime, choices: tuple[Choice, ...] = ()) -> None:
        """A question stands open from now on, for as long as the settings say."""
        self.asked, self.choices = asked, [asdict(choice) for choice in choices]
        self.asked_before = [*self.asked_before, asked]
        self.expires_at = at + timedelta(minutes=settings.SMS_DIALOGUE_MINUTES)

    def ask_for_moderator(self, reference: str, question_id: UUID, at: datetime) -> None:
        """A moderator's question stands open; what the line itself was asking is dropped."""
        self.reference, self.asked, self.choices, self.is_guided = reference, MODERATOR, [], False
        self.question = question_id
        self.expires_at = at + timedelta(days=settings.SMS_QUESTION_DAYS)

    def call(self, reference: str, at: datetime) -> None:
        """They are asked to write again, for something about this report waits for them."""
        self.reference, self.asked, self.choices, self.is_guided = reference, CALLED, [], False
        self.question = None
        self.expires_at = at + timedelta(days=settings.SMS_QUESTION_DAYS)

    def close(self) -> None:
        """Nothing is asked any more; the report stays the latest one."""
        self.asked, self.choices, self.question = "", [], None
        self.is_guided, self.expires_at = False, None
