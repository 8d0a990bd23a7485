"""A model and a view that keep a message as the plainest of receivers would."""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt


class Row(models.Model):
    """A message."""

    message_id = models.CharField(max_length=150)
    sender = models.CharField(max_length=60)
    text = models.TextField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.message_id


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    """Insert what was posted, and nothing else."""
    posted = request.POST
    Row.objects.create(message_id=posted["MessageSid"], sender=posted["From"], text=posted["Body"])
    return HttpResponse(headers={"Content-Length": "0"}, content_type="text/plain; charset=utf-8")
