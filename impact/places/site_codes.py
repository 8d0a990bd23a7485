"""Printed codes of producing areas, short enough for a text message and proof against a wrong digit.

"SL17-43": the country, the area's number here, and two check digits after ISO 7064 MOD 97-10, which catch
every single wrong digit and every pair that changed places.
"""

import re
from collections.abc import Iterator

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

_CODE = re.compile(r"(?<![0-9A-Za-z])([A-Za-z]{2})-?(\d{1,7})-(\d{2})(?![0-9A-Za-z])")


def site_code(country: str, area_id: int) -> str:
    """The code to print for an area: ISO 3166-1 alpha-2 country and the area's primary key."""
    number = f"{country.upper()}{area_id}"
    return f"{number}-{mod_97_10.calc_check_digits(number)}"


def site_codes_in(text: str) -> Iterator[tuple[str, int, int, int]]:
    """Every right code in a text: country, area's number, first and last offset. Wrong ones are left out."""
    for match in _CODE.finditer(text):
        country, number, digits = match[1].upper(), match[2], match[3]
        try:
            mod_97_10.validate(f"{country}{number}{digits}")
        except ValidationError:
            continue
        yield country, int(number), match.start(), match.end()
