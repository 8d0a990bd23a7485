"""What can be chosen of a data file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """`language`: of the dictionary and the notes. `has_hxl`: a row of tags under the head of a CSV.

    `is_acled_style`: columns in the order and shape that users of conflict data know; CSV only.
    """

    language: str = "en"
    has_hxl: bool = False
    is_acled_style: bool = False
