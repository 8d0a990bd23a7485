"""What the demo's advocate had made: cheap ones at once, a package that the worker makes when it runs."""

from impact.accounts.models import User
from impact.exports.choices import Choices
from impact.exports.making import make_ordered
from impact.exports.models import Export, ExportKind
from impact.exports.ordering import order_export
from impact.publication.filtering import IncidentFilter
from impact.publication.snapshots.taking import latest_or_new_snapshot, take_snapshot

_MADE = (
    (
        ExportKind.DATA,
        Choices(data="csv", has_hxl=True),
        "All incidents, with HXL tags",
        "humanitarian offices",
    ),
    (
        ExportKind.MAP,
        Choices(size="slide", format="svg", language="fr"),
        "La carte, à projeter",
        "the plenary",
    ),
)


def order_exports(advocate: User) -> int:
    """Ask for a few exports where there are none. Returns how many were asked for."""
    if Export.objects.exists():
        return 0
    snapshot = latest_or_new_snapshot()
    for kind, choices, name, for_whom in _MADE:
        order_export(
            user=advocate,
            kind=kind,
            snapshot=snapshot,
            choices=choices,
            name=name,
            reason="the coalition's side event (invented)",
            for_whom=for_whom,
        )
    while make_ordered():
        pass
    order_export(
        user=advocate,
        kind=ExportKind.PACKAGE,
        snapshot=take_snapshot(IncidentFilter(country=("CD",))),
        choices=Choices(data="xlsx"),
        name="DR Congo, for the working group",
        reason="asked for by the chair (invented)",
        for_whom="the working group on monitoring",
    )
    return len(_MADE) + 1
