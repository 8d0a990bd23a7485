"""What came by telephone, what went back, and to whom. A number is kept in Contact alone, sealed.

The rows are the jobs: a worker claims one with a conditional update and goes on if exactly one changed.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from impact.incidents.models import Evidence, Reporter
from impact.vocabulary import Channel
from sms_gateway.conversation.dialogues import Dialogue

__all__ = ["Contact", "Dialogue", "InboundMessage", "OutboundMessage"]

MESSAGE_ID_LIMIT = 150


class Contact(models.Model):
    """Someone with a telephone. The number is nowhere else, and here it is sealed, until it is erased."""

    number_sealed = models.TextField(blank=True)
    number_digest = models.CharField(  # noqa: DJ001  (unique, so "none" has to be null)
        max_length=64, unique=True, null=True, help_text="Keyed; empty once the number is erased"
    )
    block_digest = models.CharField(
        max_length=64, blank=True, help_text="Keyed, of the number without its last two digits: floods"
    )
    country = models.CharField(max_length=2, blank=True, help_text="By the number, ISO 3166-1")
    reporter = models.OneToOneField(Reporter, on_delete=models.PROTECT, related_name="contact")
    language = models.CharField(max_length=8, blank=True, help_text="Of the latest report that we can answer")
    opted_out = models.BooleanField(default=False, help_text="Never write to them. They may still report")
    created_at = models.DateTimeField(auto_now_add=True)
    last_heard_at = models.DateTimeField()
    burst_began_at = models.DateTimeField(null=True, help_text="The window that the flood limit counts in")
    burst_count = models.PositiveIntegerField(default=0)
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When retention erased the number")

    class Meta:
        indexes = (models.Index(fields=("block_digest",), name="contact_block"),)

    def __str__(self) -> str:
        return f"contact {self.pk}"

    def hear(self, at: datetime) -> None:
        """Note when it was heard last. Messages do not always come in the order in which they arrived."""
        self.last_heard_at = at if self._state.adding else max(self.last_heard_at, at)


class InboundMessage(models.Model):
    """A message as it came. The row is never deleted, whatever could be made of it; of one that a moderator
    discarded the words are erased in time (purging.py)."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        HELD = "held", "Held for review"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        REPEATED = "repeated", "The same words again, within seconds"
        DISCARDED = "discarded", "Discarded after review"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(max_length=20)
    provider_message_id = models.CharField(max_length=MESSAGE_ID_LIMIT)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="messages", db_index=False)
    text = models.TextField(blank=True)
    attachments = models.PositiveSmallIntegerField(default=0)
    control = models.CharField(
        max_length=5, blank=True, help_text="STOP, START or HELP, when the provider says so"
    )
    is_answered = models.BooleanField(default=False, help_text="The provider has answered by itself")
    channel = models.CharField(max_length=20, choices=Channel, default=Channel.SMS)
    longitude = models.FloatField(null=True, blank=True, help_text="Of a location that was shared, WGS 84")
    latitude = models.FloatField(null=True, blank=True)
    reply_link = models.CharField(max_length=200, blank=True, help_text="Comes back with a reply to it")
    held_because = models.CharField(max_length=40, blank=True, help_text="Why it waits for review")
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="A worker's, after the request's own")
    try_after = models.DateTimeField(help_text="No worker touches it before")
    report_reference = models.CharField(max_length=9, blank=True)
    became = models.CharField(max_length=10, blank=True, help_text="What it was for, as it was routed")
    repeats = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="repetitions",
        db_index=False,
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_reason = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=100, blank=True, help_text="The kind of the error, never its words")
    received_at = models.DateTimeField(help_text="When it was sent, as far as the provider says")
    created_at = models.DateTimeField(default=timezone.now, help_text="When it reached us, the spool too")
    is_fictional = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("provider", "provider_message_id"), name="message_comes_once"),
        )
        indexes = (
            models.Index(
                fields=("try_after",), condition=models.Q(state="received"), name="inbound_unfinished"
            ),
            models.Index(fields=("created_at",), condition=models.Q(state="held"), name="inbound_held"),
            models.Index(fields=("contact", "-created_at"), name="inbound_of_contact"),
            models.Index(fields=("provider", "-created_at"), name="inbound_of_provider"),
            models.Index(
                fields=("repeats",), condition=models.Q(repeats__isnull=False), name="inbound_repeats"
            ),
            models.Index(
                fields=("reviewed_by",),
                condition=models.Q(reviewed_by__isnull=False),
                name="inbound_reviewed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.id}"


class InboundMedia(models.Model):
    """What came with a message, until it is kept as evidence: the row is a worker's job."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        KEPT = "kept", "Kept as evidence"
        REFUSED = "refused", "Of a kind or size that is not taken"
        FAILED = "failed", "Could not be fetched"

    message = models.ForeignKey(InboundMessage, on_delete=models.CASCADE, related_name="media")
    position = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100, blank=True, help_text="As the provider says")
    file_name = models.CharField(max_length=200, blank=True)
    url = models.TextField(blank=True, help_text="Where the provider serves it")
    content = models.BinaryField(default=b"", help_text="Sealed, where it came with the message itself")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField()
    error = models.CharField(max_length=100, blank=True, help_text="A kind or a code")

    class Meta:
        verbose_name_plural = "inbound media"
        constraints = (
            models.UniqueConstraint(fields=("message", "position"), name="media_once_per_message"),
        )
        indexes = (
            models.Index(fields=("try_after",), condition=models.Q(state="waiting"), name="media_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.message_id} {self.position}"


class OutboundMessage(models.Model):
    """A message to a contact: written into the answer to the provider's request, or sent by a worker."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="sent_messages", db_index=False
    )
    in_reply_to = models.OneToOneField(
        InboundMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="reply"
    )
    correspondence = models.UUIDField(
        null=True, blank=True, unique=True, help_text="The message of a moderator that it carries"
    )
    called_after = models.ForeignKey(
        InboundMessage,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        db_index=False,
        help_text="It calls them back, for we may not write freely so long after this message of theirs",
    )
    template = models.CharField(
        max_length=40, blank=True, help_text="The provider's name for the approved text that goes out"
    )
    is_in_answer = models.BooleanField(
        default=False, help_text="Went back in the answer, not through the API"
    )
    text = models.TextField()
    language = models.CharField(max_length=8)
    segments = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    provider = models.CharField(max_length=20)
    channel = models.CharField(max_length=20, choices=Channel, default=Channel.SMS)
    reply_link = models.CharField(max_length=200, blank=True, help_text="What the provider wants back")
    provider_message_id = models.CharField(max_length=MESSAGE_ID_LIMIT, blank=True)
    delivery = models.CharField(max_length=12, blank=True, help_text="The furthest state that was reported")
    delivery_error = models.CharField(
        max_length=100, blank=True, help_text="A code, never a provider's words"
    )
    delivered_at = models.DateTimeField(null=True, blank=True, help_text="When the provider says it was so")
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217, of the cost")
    attempts = models.PositiveSmallIntegerField(default=0)
    send_after = models.DateTimeField()
    is_in_doubt = models.BooleanField(
        default=False,
        help_text="It may have gone out at the latest try: the provider is asked before another",
    )
    error = models.CharField(
        max_length=100, blank=True, help_text="A kind or a code, never a provider's words"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("called_after",),
                condition=models.Q(called_after__isnull=False),
                name="called_back_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("send_after",),
                condition=models.Q(state__in=("queued", "sending")),
                name="outbound_unsent",
            ),
            models.Index(fields=("provider", "provider_message_id"), name="outbound_by_provider"),
            models.Index(fields=("provider", "-sent_at"), name="outbound_sent"),
            models.Index(fields=("contact", "-created_at"), name="outbound_of_contact"),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.id}"


class DeliveryReport(models.Model):
    """What a provider says of a message that we do not know yet: its answer to our sending comes later."""

    provider = models.CharField(max_length=20)
    provider_message_id = models.CharField(max_length=MESSAGE_ID_LIMIT)
    update_json = models.JSONField(help_text="The update in the neutral form")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=("provider", "provider_message_id"), name="delivery_report_id"),)

    def __str__(self) -> str:
        return f"{self.provider} {self.pk}"


class ProviderCopy(models.Model):
    """A message that lies at its provider as well, until it is deleted there: the row is a worker's job."""

    provider = models.CharField(max_length=20)
    provider_message_id = models.CharField(max_length=MESSAGE_ID_LIMIT)
    attempts = models.PositiveIntegerField(default=0)
    try_after = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="When the provider confirmed it")
    error = models.CharField(max_length=100, blank=True, help_text="Of the latest try; a kind or a code")

    class Meta:
        verbose_name_plural = "provider copies"
        constraints = (
            models.UniqueConstraint(fields=("provider", "provider_message_id"), name="copy_is_one"),
        )
        indexes = (
            models.Index(
                fields=("provider", "try_after"),
                condition=models.Q(deleted_at__isnull=True),
                name="copy_to_delete",
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.pk}"


class Line(models.Model):
    """How far a line was caught up with, and when its provider is asked again: the row is the job."""

    provider = models.CharField(max_length=20, primary_key=True)
    caught_up_to = models.DateTimeField()
    ask_after = models.DateTimeField()
    error = models.CharField(max_length=100, blank=True, help_text="Of the latest try; a kind or a code")

    def __str__(self) -> str:
        return self.provider
