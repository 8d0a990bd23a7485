"""What can be chosen of a print map."""

from dataclasses import dataclass

from impact.places.boxes import Box


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet in inches, its resolution as a picture, and the scale of its type.

    What a map says of itself stands in a column of `column` inches at the right, or, where `band` is not
    zero, in a band of `band` inches beneath the map. Where `fine_print` is not zero, sources and disclaimer
    stand in so many inches across the foot, so that the column can be read from the back of a room.
    """

    width: float
    height: float
    dpi: int
    type_scale: float
    column: float = 0.0
    band: float = 0.0
    fine_print: float = 0.0


MAP_SIZES: dict[str, Sheet] = {
    "a4": Sheet(11.693, 8.268, 300, 1.0, column=2.75),
    "a4-portrait": Sheet(8.268, 11.693, 300, 0.95, band=3.1),
    "a3": Sheet(16.535, 11.693, 300, 1.35, column=3.75),
    "slide": Sheet(13.333, 7.5, 300, 1.25, column=3.9, fine_print=0.5),
    "square": Sheet(9.0, 9.0, 300, 0.95, band=2.6),
}
INLINE = Sheet(6.5, 4.7, 200, 0.95)  # the frame alone, for a page that says the rest itself
MAP_FORMATS: dict[str, str] = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}
_WIDEST_DEGREES = 350.0  # around the whole world the projection comes to where it has no end
MAP_STYLES = ("points", "hexagons", "areas")


@dataclass(frozen=True, slots=True)
class MapOptions:
    """`country`: ISO 3166-1 alpha-2. `bbox`: west, south, east, north, WGS 84. Else the data decide.

    `style`: symbols by theme, hexagons shaded by count, or producing areas shaded by what is near them.
    `title` stands in place of the one that counts.
    """

    size: str = "a4"
    format: str = "pdf"
    language: str = "en"
    country: str = ""
    bbox: Box | None = None
    style: str = "points"
    title: str = ""

    @property
    def sheet(self) -> Sheet:
        return INLINE if self.size == "inline" else MAP_SIZES[self.size]


def frame_box(box: Box | None) -> Box | None:
    """The box where it can be the frame of a sheet; None where it is a line or a point, crosses the
    antimeridian or goes around the world: then the data decide."""
    if box is None:
        return None
    west, south, east, north = box
    return box if 0 < east - west <= _WIDEST_DEGREES and south < north else None
