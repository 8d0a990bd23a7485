"""A style for QGIS: each theme its colour and shape, as on the printed map."""

from xml.sax.saxutils import quoteattr

from impact.summaries.maps.palette import THEME_MARKS
from impact.vocabulary import Theme

_SHAPES = {"o": "circle", "s": "square", "^": "triangle", "D": "diamond", "P": "cross_fill"}


def layer_style() -> str:
    """A QML document: a renderer by the column `theme`."""
    categories, symbols = [], []
    for index, theme in enumerate(Theme):
        marker, colour = THEME_MARKS[theme]
        red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
        label = quoteattr(str(theme.label))
        categories.append(
            f'<category render="true" symbol="{index}" value="{theme.value}" label={label} type="string"/>'
        )
        options = {
            "name": _SHAPES[marker],
            "color": f"{red},{green},{blue},255",
            "outline_color": "255,255,255,255",
            "outline_width": "0.3",
            "size": "3.2",
            "size_unit": "MM",
        }
        rows = "".join(
            f'<Option type="QString" name="{key}" value="{value}"/>' for key, value in options.items()
        )
        symbols.append(
            f'<symbol type="marker" name="{index}" alpha="1" clip_to_extent="1" force_rhr="0">'
            '<layer class="SimpleMarker" enabled="1" locked="0" pass="0">'
            f'<Option type="Map">{rows}</Option></layer>'
            "</symbol>"
        )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.22.0" styleCategories="Symbology">'
        '<renderer-v2 type="categorizedSymbol" attr="theme" forceraster="0" symbollevels="0">'
        f"<categories>{''.join(categories)}</categories><symbols>{''.join(symbols)}</symbols>"
        "</renderer-v2></qgis>"
    )
