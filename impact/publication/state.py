"""Whether anything public changed: a tag that caches ask by, in front of pages, feeds and the API."""

from impact.publication.models import PublicState, new_tag

_ROW = 1


def public_tag() -> str:
    """The tag of what is public now; "" before anything ever was."""
    return PublicState.objects.filter(pk=_ROW).values_list("tag", flat=True).first() or ""


def wait_for_changes() -> None:
    """Let others who change what is public finish first. Before the first row is touched, in a transaction:
    so nobody holds a row that another needs while both wait for the log of changes."""
    PublicState.objects.select_for_update().get_or_create(pk=_ROW)


def mark_public_change() -> None:
    """Say that what is public changed. Call it in the transaction of the change, and only where somebody who
    looks can see one: a tag that is new for nothing tells of a case that is told in counts only.
    """
    PublicState.objects.update_or_create(pk=_ROW, defaults={"tag": new_tag()})
