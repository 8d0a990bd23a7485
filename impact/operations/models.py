"""Signs of life of the processes that belong to an installation."""

from django.db import models


class Heartbeat(models.Model):
    """When a worker was last heard of; one row a worker name."""

    name = models.CharField(max_length=100, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Turn(models.Model):
    """When a job that has its time was last begun, by whichever worker came first: the row is the claim."""

    name = models.CharField(max_length=100, primary_key=True)
    begun_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
