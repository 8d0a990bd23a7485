"""Jobs that have their time, such as once a day: of many workers, one begins."""

from datetime import datetime, timedelta

from impact.operations.models import Turn


def claim_turn(name: str, every: timedelta, now: datetime) -> bool:
    """Whether the job is due and now ours. One that dies comes again when its time has passed once more."""
    Turn.objects.bulk_create([Turn(name=name, begun_at=now - every)], ignore_conflicts=True)
    return Turn.objects.filter(name=name, begun_at__lte=now - every).update(begun_at=now) == 1
