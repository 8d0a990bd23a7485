"""What the parameters of an address are called on the pages that have fields for them."""

from django.utils.translation import gettext as _


def filter_label(parameter: str) -> str:
    """The label of a parameter's field in the language of the page; "" for one that no page has."""
    return {
        "theme": _("Theme"),
        "harm": _("Harm"),
        "country": _("Country"),
        "area": _("Producing area"),
        "from": _("From (month)"),
        "to": _("To (month)"),
        "perpetrator": _("Alleged perpetrator"),
        "verification": _("Verification"),
        "kind": _("Kind of nearest area"),
        "mineral": _("Mineral of nearest area"),
        "near": _("Near a point"),
        "bbox": _("Part of the map"),
        "layer": _("Show as"),
        "shade": _("Shade by"),
        "show": _("Also show"),
        "view": _("Part of the map"),
        "by": _("Counted by"),
    }.get(parameter, "")
