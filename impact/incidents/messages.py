"""What was said about a report after it: more from the reporter, questions and outcomes from moderators.

A report is immutable as sent, so every later word is a row here. Nothing here holds a telephone number.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from impact.vocabulary import Channel


class Message(models.Model):
    """One thing said about a report, by its reporter or to its reporter."""

    class Kind(models.TextChoices):
        ADDITION = "addition", _("Said later")
        ANSWER = "answer", _("Answer")
        CORRECTION = "correction", _("Correction")
        ASKED = "asked", _("Asked by the line itself")
        QUESTION = "question", _("Question")
        OUTCOME = "outcome", _("Outcome")
        CONSENT = "consent", _("Changed what they agree to")

    class State(models.TextChoices):
        """How far a message to the reporter has come; what the reporter says has arrived."""

        ARRIVED = "arrived", _("Arrived")
        QUEUED = "queued", _("Waits to be sent")
        WAITING = "waiting", _("Waits until they write again")
        HANDED_OVER = "handed_over", _("On its way")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Not delivered")
        WITHHELD = "withheld", _("Not sent: the line is silent there, or they said STOP")
        ERASED = "erased", _("Not sent: the number was erased first, as the rules of retention ask")

    SAID_BY_REPORTER = (Kind.ADDITION, Kind.ANSWER, Kind.CORRECTION)
    # The text of a change of consent is the names of what is agreed to, and no words of anybody.
    FROM_REPORTER = (*SAID_BY_REPORTER, Kind.CONSENT)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey("incidents.Report", on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=12, choices=Kind)
    asked = models.CharField(max_length=10, blank=True, help_text="What a question or an answer is about")
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    channel = models.CharField(max_length=20, choices=Channel)
    source_key = models.CharField(
        max_length=200, blank=True, help_text="Makes a repeated delivery one message"
    )
    in_reply_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers", db_index=False
    )
    text = models.TextField(_("as sent"))
    language = models.CharField(max_length=8, blank=True)
    understanding = models.JSONField(default=dict, blank=True)
    has_changed_case = models.BooleanField(default=False, help_text="What it says was entered in the case")
    is_same_reporter = models.BooleanField(default=True, help_text="False: by reference, from another phone")
    state = models.CharField(max_length=12, choices=State, default=State.ARRIVED)
    said_at = models.DateTimeField()
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ("said_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("source_key",), condition=~models.Q(source_key=""), name="message_said_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("moderator",),
                condition=models.Q(moderator__isnull=False),
                name="message_of_moderator",
            ),
            models.Index(
                fields=("in_reply_to",), condition=models.Q(in_reply_to__isnull=False), name="message_answers"
            ),
            models.Index(
                fields=("said_at",),
                condition=models.Q(state__in=("queued", "handed_over", "sent")),
                name="message_underway",
            ),
            models.Index(fields=("said_at",), condition=models.Q(state="waiting"), name="message_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_to_reporter(self) -> bool:
        """Whether it goes to the reporter rather than comes from them."""
        return self.kind not in self.FROM_REPORTER
