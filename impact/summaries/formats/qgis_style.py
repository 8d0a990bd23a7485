"""Styles for QGIS (QML): incidents by theme and producing areas by kind, in the colours and shapes of the
printed map; columns by their names, and codes by their words, in the active language.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from impact.places.basemap import COUNTRY_NAMES, country_name
from impact.summaries.formats.about import ColumnNote, area_dictionary, data_dictionary
from impact.summaries.maps.palette import AREA_MARKS, AREA_OUTLINES, AREA_STYLES, INK, SOFT, THEME_MARKS
from impact.vocabulary import AreaKind, DatePrecision, Perpetrator, Theme, Verification

MEDIA_TYPE = "application/x-qgis-layer-settings"
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_CATEGORIES = "Symbology|Fields|Forms|MapTips|AttributeTable|Temporal"
_SHAPES = {
    "o": "circle",
    "s": "square",
    "^": "triangle",
    "D": "diamond",
    "P": "cross_fill",
    "v": "equilateral_triangle",
}
_TIP = (
    "<b>[% coalesce(represent_value({theme}), {theme}) %]</b> "
    "[% coalesce(format_date({first}, 'yyyy-MM-dd') || ' / ' || format_date({last}, 'yyyy-MM-dd'), '') %]"
    "<br>[% replace(replace({text}, '&', '&amp;'), '<', '&lt;') %]"
)
_AREA_TIP = (
    "<b>[% replace(replace(\"name\", '&', '&amp;'), '<', '&lt;') %]</b><br>[% represent_value(\"kind\") %]"
)
Symbol = tuple[Any, ...]  # value, words, and what it is drawn with
Draw = Callable[..., None]  # into the list of symbols, under a name, with the rest of a Symbol


def incidents_style(names: Mapping[str, str] | None = None, *, is_spread: bool = False) -> str:
    """A QML document for a layer of incidents. `names`: of columns that are called otherwise in the file.

    `is_spread`: what shares a point stands around it, each by itself; else the last drawn hides the others.
    """
    named = names or {}
    symbols = [
        (theme.value, str(theme.label), *THEME_MARKS[theme], "#ffffff")  # the edge parts what lies together
        for theme in Theme
    ]
    codes: dict[str, Iterable[tuple[str, object]]] = {
        "theme": Theme.choices,
        "perpetrator": Perpetrator.choices,
        "verification": Verification.choices,
        "occurred_precision": DatePrecision.choices,
        "nearest_area_kind": AreaKind.choices,
        "country": _countries(),
    }
    root = _style(
        named.get("theme", "theme"),
        symbols,
        partial(_add_symbol, size_mm=3.2),
        notes=[(named.get(note.name, note.name), note) for note in data_dictionary()],
        codes={named.get(name, name): choices for name, choices in codes.items()},
        is_spread=is_spread,
    )
    first, last = (named.get(name, name) for name in ("occurred_from", "occurred_to"))
    tip = _TIP.format(theme='"theme"', first=f'"{first}"', last=f'"{last}"', text='"text"')
    SubElement(root, "mapTip").text = tip
    SubElement(root, "previewExpression").text = f'"{first}" || \' \' || represent_value("theme")'
    # The timeline shows an incident in its whole period; it waits until somebody opens it.
    temporal = {"mode": "2", "enabled": "1", "startField": first, "endField": last, "limitMode": "1"}
    SubElement(root, "temporal", temporal)
    return _document(root)


def areas_style(names: Mapping[str, str] | None = None) -> str:
    """A QML document for a layer of producing areas as points."""
    symbols = [
        (
            kind.value,
            str(kind.label),
            AREA_MARKS[kind],
            AREA_STYLES[kind]["facecolor"],
            AREA_STYLES[kind]["edgecolor"],
        )
        for kind in AreaKind
    ]
    return _document(_areas(symbols, names, partial(_add_symbol, size_mm=2.6)))


def area_outlines_style(names: Mapping[str, str] | None = None, *, are_lines: bool = False) -> str:
    """A QML document for a layer of their outlines, as on our map on the web."""
    symbols = [(kind.value, str(kind.label), *AREA_OUTLINES[kind]) for kind in AreaKind]
    return _document(_areas(symbols, names, partial(_add_outline, is_line=are_lines)))


def _areas(symbols: Sequence[Symbol], names: Mapping[str, str] | None, draw: Draw) -> Element:
    named = names or {}
    root = _style(
        "kind",
        symbols,
        draw,
        notes=[(named.get(note.name, note.name), note) for note in area_dictionary()],
        codes={"kind": AreaKind.choices, "country": _countries()},
    )
    SubElement(root, "mapTip").text = _AREA_TIP
    SubElement(root, "previewExpression").text = '"name"'
    return root


def _countries() -> list[tuple[str, str]]:
    return [(code, country_name(code)) for code in sorted(COUNTRY_NAMES)]


def _style(
    column: str,
    symbols: Sequence[Symbol],
    draw: Draw,
    *,
    notes: Sequence[tuple[str, ColumnNote]],
    codes: Mapping[str, Iterable[tuple[str, object]]],
    is_spread: bool = False,
) -> Element:
    root = Element("qgis", {"version": "3.22.0", "styleCategories": _CATEGORIES})
    renderer = SubElement(
        _spread(root) if is_spread else root,
        "renderer-v2",
        {"type": "categorizedSymbol", "attr": column, "forceraster": "0", "symbollevels": "0"},
    )
    categories, drawn = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    for index, (value, words, *look) in enumerate(symbols):
        category = {"render": "true", "symbol": f"{index}", "value": value, "label": words, "type": "string"}
        SubElement(categories, "category", category)
        draw(drawn, f"{index}", *look)
    configuration = SubElement(root, "fieldConfiguration")
    for name, choices in codes.items():
        _add_words(configuration, name, choices)
    aliases = SubElement(root, "aliases")
    for index, (name, note) in enumerate(notes):
        SubElement(aliases, "alias", {"index": f"{index}", "field": name, "name": note.label})
    return root


def _spread(root: Element) -> Element:
    """QGIS's own way to show points that lie on one another: rings about their middle, a small dot."""
    looks = {
        "type": "pointDisplacement",
        "placement": "1",  # concentric rings
        "tolerance": "3",
        "toleranceUnit": "MM",
        "circleWidth": "0.2",
        "circleColor": _rgba(SOFT),
        "circleRadiusAddition": "0",
        "labelAttributeName": "",
    }
    outer = SubElement(root, "renderer-v2", looks)
    SubElement(outer, "labelFontProperties", {"description": "Sans,8,-1,5,50,0,0,0,0,0", "style": ""})
    _add_symbol(outer, "centerSymbol", "o", INK, INK, size_mm=0.8)
    return outer


def _add_symbol(symbols: Element, name: str, marker: str, fill: str, edge: str, *, size_mm: float) -> None:
    symbol = SubElement(
        symbols, "symbol", {"type": "marker", "name": name, "alpha": "1", "clip_to_extent": "1"}
    )
    _add_layer(
        symbol,
        "SimpleMarker",
        {
            "name": _SHAPES[marker],
            "angle": "180" if marker == "v" else "0",
            "color": _rgba(fill),
            "outline_color": _rgba(edge),
            "outline_width": "0.3",
            "outline_width_unit": "MM",
            "size": f"{size_mm}",
            "size_unit": "MM",
        },
    )


def _add_outline(symbols: Element, name: str, fill: str, edge: str, opacity: float, *, is_line: bool) -> None:
    symbol = SubElement(
        symbols,
        "symbol",
        {"type": "line" if is_line else "fill", "name": name, "alpha": "1", "clip_to_extent": "1"},
    )
    if is_line:
        look = {"line_color": _rgba(edge), "line_width": "0.5", "line_width_unit": "MM"}
        _add_layer(symbol, "SimpleLine", look)
        return
    _add_layer(
        symbol,
        "SimpleFill",
        {
            "color": _rgba(fill, opacity),
            "style": "solid",
            "outline_color": _rgba(edge),
            "outline_style": "solid",
            "outline_width": "0.4",
            "outline_width_unit": "MM",
        },
    )


def _add_layer(symbol: Element, name: str, look: Mapping[str, str]) -> None:
    layer = SubElement(symbol, "layer", {"class": name, "enabled": "1", "locked": "0", "pass": "0"})
    _add_options(layer, look)


def _add_words(configuration: Element, column: str, choices: Iterable[tuple[str, object]]) -> None:
    """A column that shows the words of its codes; the file keeps the codes."""
    field = SubElement(configuration, "field", {"name": column})
    config = SubElement(SubElement(field, "editWidget", {"type": "ValueMap"}), "config")
    words = SubElement(
        SubElement(config, "Option", {"type": "Map"}), "Option", {"type": "List", "name": "map"}
    )
    for code, label in choices:
        _add_options(words, {str(label): code})


def _add_options(parent: Element, values: Mapping[str, str]) -> None:
    options = SubElement(parent, "Option", {"type": "Map"})
    for name, value in values.items():
        SubElement(options, "Option", {"type": "QString", "name": name, "value": value})


def _rgba(colour: str, opacity: float = 1) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"{red},{green},{blue},{round(opacity * 255)}"


def _document(root: Element) -> str:
    return _DOCTYPE + tostring(root, encoding="unicode")
