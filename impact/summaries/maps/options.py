"""What can be chosen of a print map."""

from dataclasses import dataclass

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet in inches, its resolution as a picture, and the scale of its type."""

    width: float
    height: float
    dpi: int
    type_scale: float
    column: float  # inches at the right for legend, sources and the rest


MAP_SIZES: dict[str, Sheet] = {
    "a4": Sheet(11.693, 8.268, 300, 1.0, 2.75),
    "a3": Sheet(16.535, 11.693, 300, 1.35, 3.75),
    "slide": Sheet(13.333, 7.5, 144, 1.1, 3.1),
    "square": Sheet(9.0, 9.0, 240, 0.95, 2.6),
}
MAP_FORMATS: dict[str, str] = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class MapOptions:
    """`country`: ISO 3166-1 alpha-2. `bbox`: west, south, east, north, WGS 84. Else the data decide."""

    size: str = "a4"
    format: str = "pdf"
    language: str = "en"
    country: str = ""
    bbox: Box | None = None

    @property
    def sheet(self) -> Sheet:
        return MAP_SIZES[self.size]
