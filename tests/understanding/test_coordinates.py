import math
import time
from collections.abc import Callable

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from mgrs import MGRS
from openlocationcode import openlocationcode
from pyproj import Geod, Proj

from impact.understanding.coordinates import Reference, find_coordinates, find_verbatim_places
from impact.understanding.facts import PlaceFound
from tests.understanding.cast import read, words

# The library of MGRS warns of squares at the edge of their band.
pytestmark = pytest.mark.filterwarnings("ignore:Warning in:RuntimeWarning")

GEOD = Geod(ellps="WGS84")
TSHIKAPA = Reference(20.8, -6.416, 8_000.0)


def in_congo(country: str, longitude: float, latitude: float) -> bool:
    return country == "CD" and 12 <= longitude <= 31.5 and -13.5 <= latitude <= 5.5


def found(text: str, country: str = "", reference: Reference | None = None) -> PlaceFound | None:
    return find_coordinates(text, country, in_congo, reference)


def point(text: str, country: str = "", reference: Reference | None = None) -> tuple[float, float]:
    """Latitude and longitude; fails where nothing is found."""
    place = found(text, country, reference)
    assert place, text
    return place.latitude, place.longitude


@pytest.mark.parametrize(
    "text",
    [
        "-6.1503, 23.6001",
        "-6,1503 23,6001",
        "-6,1503, 23,6001",
        "-6,1503; 23,6001",
        "6.1503 S, 23.6001 E",
        "6.1503S 23.6001E",
        "6.1503S23.6001E",
        "6.1503 s 23.6001 e",
        "S6.1503 E23.6001",
        "S 6,1503 E 23,6001",
        "6.1503° S et 23.6001° E",
        "23.6001 E 6.1503 S",
        "lat -6.1503 lon 23.6001",
        "lat: -6.1503\nlong.: 23.6001",
        "lat:-6.1503 lng:23.6001",
        "Latitude: -6.1503, longitude: 23.6001",
        "longitude 23.6001 latitude -6.1503",
        "latitude est -6.1503 et la longitude est 23.6001",
        "latitude sud 6,1503 longitude est 23,6001",
        "6.1503 degrés de latitude sud, 23.6001 degrés de longitude est",
        "6.1503 south 23.6001 east",
        "6,1503 sud 23,6001 est",
        "6,1503 graus sul 23,6001 graus leste",
        "kusini 6.1503 mashariki 23.6001",
        "−6.1503, 23.6001",
        "–6.1503, 23.6001",
        "-6.1503 e 23.6001",
        "-6.1503/23.6001",
        "-6.1503,23.6001",
    ],
)
def test_it_reads_decimal_degrees(text: str) -> None:
    place = found(f"at {text} yesterday")
    assert place
    assert (place.latitude, place.longitude) == pytest.approx((-6.1503, 23.6001))
    assert place.method == "coordinates"
    assert words(f"at {text} yesterday", place.spans) == [text]


@pytest.mark.parametrize(
    ("text", "longitude"),
    [("6.5 N 10.5 O", -10.5), ("6.5 N 10.5 L", 10.5), ("6,5 nord 10,5 ouest", -10.5), ("6.5n 10.5o", -10.5)],
)
def test_it_reads_west_and_east_in_french_and_portuguese(text: str, longitude: float) -> None:
    assert point(text) == (6.5, longitude)


@pytest.mark.parametrize(
    "text",
    [
        "S6 07.5 E23 35.2",
        "6°07.5'S 23°35.2'E",
        "6°07,5'S, 23°35,2'E",
        "6° 07.5’ S 23° 35.2’ E",
        "6 07.5 S 23 35.2 E",
        "-6°07.5' 23°35.2'",
        "6°07'30\"S, 23°35'12\"E",
        "6°07'30\"S23°35'12\"E",
        "6º07’30”S 23º35’12”E",
        "6°07′30″S 23°35′12″E",
        "6o07'30''S 23o35'12''E",
        "6d07'30\"S 23d35'12\"E",
        "6 07 30 S, 23 35 12 E",
        "6:07:30 S 23:35:12 E",
        "S 6 07 30 E 23 35 12",
        "S06°07'30.0\" E023°35'12.0\"",
        "6 deg 07 min 30 sec south 23 deg 35 min 12 sec east",
        "6°7'30\" sud 23°35'12\" est",
    ],
)
def test_it_reads_minutes_and_seconds(text: str) -> None:
    place = found(f"mine ({text}).")
    assert place
    assert (place.latitude, place.longitude) == pytest.approx((-6.125, 23.58666), abs=1e-4)
    assert words(f"mine ({text}).", place.spans) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "34M 512345 9345678",
        "34 M 512345 9345678",
        "34M 512345, 9345678",
        "34M 0512345 9345678",
        "34M 512345.4 9345678.4",
        "34M 512345E 9345678N",
        "34M 512345mE 9345678mN",
        "UTM 34M E 512345 N 9345678",
        "UTM zone 34M: 512345 9345678",
        "utm 34m 512345 9345678",
        "34S 512345 9345678",
    ],
)
@pytest.mark.parametrize("country", ["", "CD"])
def test_it_reads_utm(text: str, country: str) -> None:
    longitude, latitude = Proj(proj="utm", zone=34, south=True, ellps="WGS84")(512345, 9345678, inverse=True)
    place = found(f"at {text}.", country)
    assert place
    assert (place.latitude, place.longitude) == pytest.approx((latitude, longitude), abs=1e-5)
    assert words(f"at {text}.", place.spans) == [text]


def test_it_takes_the_letter_s_as_south_only_where_the_country_says_so() -> None:
    crete = Proj(proj="utm", zone=35, ellps="WGS84")(500_000, 3_900_000, inverse=True)
    assert point("35S 500000 3900000") == pytest.approx((crete[1], crete[0]))
    congo = Proj(proj="utm", zone=34, south=True, ellps="WGS84")(512345, 9345678, inverse=True)
    assert point("34S 512345 9345678", "CD") == pytest.approx((congo[1], congo[0]))


def test_it_reads_a_northing_outside_its_band_only_in_the_senders_country() -> None:
    assert found("34L 512345 9345678") is None
    assert found("34L 512345 9345678", "CD")


def test_it_takes_figures_that_end_in_zeros_as_rounded() -> None:
    fine, coarse = found("34M 512345 9345678"), found("34M 512000 9345000")
    assert fine
    assert coarse
    assert fine.radius_m == 100
    assert coarse.radius_m == pytest.approx(500 * math.sqrt(2) + 30)


@pytest.mark.parametrize(
    ("text", "radius_m"),
    [
        ("34MBA1234567890", 100),
        ("34M BA 12345 67890", 100),
        ("34MBA 12345 67890", 100),
        ("34 M BA 1234567890", 100),
        ("34mba1234567890", 100),
        ("MGRS 34MBA12346789", 100),
        ("34MBA123678", 50 * math.sqrt(2) + 30),
        ("34MBA1267", 500 * math.sqrt(2) + 30),
        ("34M BA 12 67", 500 * math.sqrt(2) + 30),
    ],
)
def test_it_reads_the_middle_of_an_mgrs_square(text: str, radius_m: float) -> None:
    place = found(f"at {text},")
    assert place
    latitude, longitude = MGRS().toLatLon("34MBA1234567890")
    _, _, away_m = GEOD.inv(longitude, latitude, place.longitude, place.latitude)
    assert away_m < radius_m
    assert place.radius_m == pytest.approx(radius_m)
    assert words(f"at {text},", place.spans) == [text]


def test_it_reads_plus_codes_whole_and_short() -> None:
    code = openlocationcode.encode(-6.1503, 20.6001)
    assert point(f"at {code}.") == pytest.approx((-6.1503, 20.6001), abs=1e-4)
    assert point(f"at {code.lower()}.") == pytest.approx((-6.1503, 20.6001), abs=1e-4)
    assert point(f"{code[4:]} Tshikapa", reference=TSHIKAPA) == pytest.approx((-6.1503, 20.6001), abs=1e-4)
    assert found(f"{code[4:]} Tshikapa") is None


def test_it_gives_the_radius_of_a_plus_codes_cell() -> None:
    fine, coarse = found("6G52VH3X+2Q"), found("6G52VH00+")
    assert fine
    assert coarse
    assert fine.radius_m == 100
    assert coarse.radius_m == pytest.approx(3_955, rel=0.01)


def test_it_trusts_a_short_code_little_where_the_reference_is_wide() -> None:
    near = found("VH3X+2Q", "CD", TSHIKAPA)
    wide = found("VH3X+2Q", "CD", Reference(22.0, -4.0, 1_000_000.0))
    assert near
    assert wide
    assert (near.radius_m, near.confidence) == (100, 0.95)
    assert wide.radius_m > 1_000_000
    assert wide.confidence == 0.4


@pytest.mark.parametrize(
    "text",
    [
        "geo:-6.1503,23.6001",
        "geo:-6.1503, 23.6001",
        "geo:-6.1503,23.6001,450;crs=wgs84;u=35",
        "geo:0,0?q=-6.1503,23.6001(Mine)",
        "https://maps.google.com/maps?q=-6.1503%2C23.6001",
        "https://maps.google.com/maps?q=-6.1503,23.6001&z=17&hl=en",
        "https://maps.google.com/?q=-6.1503,23.6001",
        "google.com/maps?q=-6.1503,+23.6001",
        "https://www.google.co.za/maps/search/?api=1&query=-6.1503%2C23.6001",
        "https://www.google.com/maps/@-6.1503,23.6001,17z",
        "https://www.google.com/maps/place/Mine/@-6.1,23.5,12z/data=!4m6!3m5!8m2!3d-6.1503!4d23.6001",
        "https://www.google.com/maps/place/-6.1503,23.6001",
        "https://www.openstreetmap.org/?mlat=-6.1503&mlon=23.6001#map=15/-6.1/23.5",
        "https://osm.org/#map=15/-6.1503/23.6001",
        "https://maps.apple.com/?ll=-6.1503,23.6001&q=Pin",
        "https://maps.apple.com/?q=Pin&ll=-6.1503,23.6001",
        "https://waze.com/ul?ll=-6.1503%2C23.6001&navigate=yes",
        "https://bing.com/maps?cp=-6.1503~23.6001&lvl=15",
    ],
)
def test_it_reads_addresses_and_links_to_maps(text: str) -> None:
    place = found(f"see {text}, it is here")
    assert place
    assert (place.latitude, place.longitude) == (-6.1503, 23.6001)
    assert words(f"see {text}, it is here", place.spans) == [text]
    assert find_verbatim_places(f"see {text}, it is here") == ()


def test_it_takes_the_radius_that_a_phone_gives() -> None:
    given_m = found("geo:-6.15034,23.60012;u=350")
    assert given_m
    assert given_m.radius_m == pytest.approx(350.8, abs=0.1)


def test_it_takes_a_wider_radius_for_the_middle_of_a_view() -> None:
    near, far = (found(f"https://www.google.com/maps/@-6.1503,23.6001,{zoom}z") for zoom in (17, 12))
    assert near
    assert far
    assert 100 < near.radius_m < 300
    assert far.radius_m == pytest.approx(32 * near.radius_m, rel=0.05)


@pytest.mark.parametrize("text", ["geo:-6.15,23.6;crs=nad27", "https://osm.org/node/123?x=6.1503,23.6001"])
def test_it_reads_no_figures_within_an_address_that_is_something_else(text: str) -> None:
    assert found(text, "CD") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0.000, 0.000",
        "0.0000 N 0.0000 E",
        "0.0004, 0.0003",
        "-0.0005, 0.0003",
        "0°00'01\"N 0°00'02\"E",
        "geo:0.0,0.0",
        "https://maps.google.com/?q=0.0,0.0",
        "6FG22222+22",
        "95.1234, 200.1234",
        "6°75'S 23°35'E",
        "6 07 75 S 23 35 12 E",
        "95 07 30 S 23 35 12 E",
        "61M 512345 9345678",
        "99MBA1234567890",
        "34MBA123456789",
        "34MBA 123 4567",
    ],
)
@pytest.mark.parametrize("country", ["", "CD"])
def test_it_refuses_what_lies_nowhere(text: str, country: str) -> None:
    assert found(text, country) is None


@pytest.mark.parametrize(
    "text",
    [
        "paid 12.50, 13.75",
        "12.500,00 FC",
        "12.500, 13.750 FC",
        "2.500,00 FC 13.750,00",
        "3.5000, 13.7500 USD",
        "$3.5000 13.7500",
        "1.500.000,00 FC 2.000.000,00",
        "1,234.5678, 2.3456",
        "14M 500000 1200000 FC",
        "3 dead 5 hurt",
        "14.11.2026",
        "14.11.2026 12.30",
        "2026-11-14 12:30:45",
        "11 DEC 2026",
        "13 MAR 2026",
        "13MAR2026",
        "15 men 2026",
        "20 men 1200",
        "KILLED 20 MEN 1200",
        "call 0812345678 0998765432",
        "+243 81 234 5678",
        "+243 81 234 5678, +243 99 123 4567",
        "2,5 carats",
        "2,512 e 4,512 quilates",
        "between 3.5 and 4.5 carats",
        "from 3.512 to 4.512 kg",
        "3.5 km",
        "3,500 4,500 km",
        "fever 38°5, 39°2",
        "3 N 4 E",
        "1.2.3.4 5.6.7.8",
        "192.168.1.1 10.0.0.1",
        "5678+23",
        "2345+67 FC",
        "C+C WORK+PAY",
        "12 30 men 14 20 women",
        "a 12 S 14",
        "6.15 e 7.15 e",
    ],
)
@pytest.mark.parametrize("country", ["", "CD"])
def test_it_leaves_other_figures_alone(text: str, country: str) -> None:
    assert found(text, country, TSHIKAPA) is None


def test_it_turns_a_swapped_pair_round_only_where_the_country_says_so() -> None:
    swapped = found("23.6001, -6.1503", "CD")
    assert swapped
    assert (swapped.latitude, swapped.longitude, swapped.country) == (-6.1503, 23.6001, "CD")
    left = found("23.6001, -6.1503")
    assert left
    assert (left.latitude, left.longitude, left.country) == (23.6001, -6.1503, "")
    lettered = found("23.6001 S, 6.1503 E", "CD")
    assert lettered
    assert (lettered.latitude, lettered.longitude) == (-23.6001, 6.1503)


def test_it_is_less_sure_of_a_point_outside_the_senders_country() -> None:
    home, abroad = found("-6.1503, 23.6001", "CD"), found("40.1503, 3.6001", "CD")
    assert home
    assert abroad
    assert abroad.confidence < home.confidence


def test_it_wants_fewer_decimals_at_home() -> None:
    assert found("-6.15, 23.60", "CD")
    assert found("-6.15, 23.60") is None
    assert found("40.15, -23.60", "CD") is None


def test_it_takes_the_first_point_of_several() -> None:
    assert point("6G52VH3X+2Q or -6.1503, 23.6001") == pytest.approx((-6.1474, 20.5994), abs=1e-3)
    assert point("-6.1503, 23.6001 or 6G52VH3X+2Q") == (-6.1503, 23.6001)


@pytest.mark.parametrize(
    ("text", "unit_deg"),
    [
        ("6.1S 23.6E", 0.1),
        ("6.15S 23.60E", 0.01),
        ("6°07'S 23°35'E", 1 / 60),
        ("6°07.5'S 23°35.2'E", 1 / 600),
    ],
)
def test_it_takes_a_wider_radius_for_fewer_digits(text: str, unit_deg: float) -> None:
    coarse, fine = found(text), found("6.15034S 23.60012E")
    assert coarse
    assert fine
    assert fine.radius_m == 100
    _, _, corner_m = GEOD.inv(
        *(coarse.longitude, coarse.latitude),
        *(coarse.longitude + unit_deg / 2, coarse.latitude + unit_deg / 2),
    )
    assert coarse.radius_m == pytest.approx(corner_m + 30, rel=0.01)


LATITUDES, LONGITUDES = st.floats(-79.9, 79.9), st.floats(-179.9, 179.9)


def decimal(value: float, sides: str) -> str:
    return f"{abs(value):.3f}{sides[value < 0]}"


def minutes(value: float, sides: str) -> str:
    whole, part = divmod(round(abs(value) * 6_000), 6_000)
    return f"{whole}°{part / 100:05.2f}'{sides[value < 0]}"


def seconds(value: float, sides: str) -> str:
    rest, second = divmod(round(abs(value) * 3_600), 60)
    whole, minute = divmod(rest, 60)
    return f"{sides[value < 0]}{whole} {minute:02d} {second:02d}"


def utm(latitude: float, longitude: float) -> str:
    zone = int((longitude + 180) // 6) + 1
    easting, northing = Proj(proj="utm", zone=zone, south=latitude < 0, ellps="WGS84")(longitude, latitude)
    return f"{zone}{'CDEFGHJKLMNPQRSTUVWX'[int((latitude + 80) // 8)]} {easting:.0f} {northing:.0f}"


NOTATIONS: dict[str, Callable[[float, float], str]] = {
    "phone": lambda latitude, longitude: f"{latitude:.5f},{longitude:.5f}",
    "comma": lambda latitude, longitude: f"{latitude:.5f} {longitude:.5f}".replace(".", ","),
    "letters": lambda latitude, longitude: f"{decimal(latitude, 'NS')} {decimal(longitude, 'EW')}",
    "oeste": lambda latitude, longitude: f"{decimal(latitude, 'NS')}, {decimal(longitude, 'LO')}",
    "words": lambda latitude, longitude: f"latitude {latitude:.3f} longitude {longitude:.3f}",
    "minutes": lambda latitude, longitude: f"{minutes(latitude, 'NS')} {minutes(longitude, 'EW')}",
    "seconds": lambda latitude, longitude: f"{seconds(latitude, 'NS')} {seconds(longitude, 'EW')}",
    "utm": utm,
    "mgrs": lambda latitude, longitude: str(MGRS().toMGRS(latitude, longitude)),
    "mgrs_100m": lambda latitude, longitude: str(MGRS().toMGRS(latitude, longitude, MGRSPrecision=3)),
    "plus_code": lambda latitude, longitude: str(openlocationcode.encode(latitude, longitude)),
    "geo": lambda latitude, longitude: f"geo:{latitude:.4f},{longitude:.4f};u=10",
    "google": lambda latitude, longitude: f"https://maps.google.com/maps?q={latitude:.6f}%2C{longitude:.6f}",
    "osm": lambda latitude, longitude: f"osm.org/?mlat={latitude:.4f}&mlon={longitude:.4f}",
}


@settings(max_examples=150, deadline=None)
@pytest.mark.parametrize("notation", sorted(NOTATIONS))
@given(latitude=LATITUDES, longitude=LONGITUDES)
@example(latitude=7.0, longitude=8.0)  # 6FVC2222+22
@example(latitude=-70.0, longitude=39.0)  # 37DEC000341
def test_it_finds_any_point_again(notation: str, latitude: float, longitude: float) -> None:
    assume(abs(latitude) > 0.1 and abs(longitude) > 0.1)
    text = NOTATIONS[notation](latitude, longitude)
    assume(any(letter.isalpha() for letter in text) or notation != "plus_code")
    place = found(f"mine {text} digging")
    assert place, text
    _, _, away_m = GEOD.inv(longitude, latitude, place.longitude, place.latitude)
    assert away_m <= place.radius_m
    assert words(f"mine {text} digging", place.spans) == [text]


@settings(max_examples=150, deadline=None)
@given(st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))
def test_it_finds_any_short_code_near_its_reference_again(north: float, east: float) -> None:
    latitude, longitude = TSHIKAPA.latitude + north, TSHIKAPA.longitude + east
    code = openlocationcode.encode(latitude, longitude)[4:]
    assume(any(letter.isalpha() for letter in code))  # figures alone are a sum as well
    assert point(code, reference=TSHIKAPA) == pytest.approx((latitude, longitude), abs=1e-4)


PIECES = [
    *(
        "1",
        "12",
        "2026",
        "512345",
        "9345678",
        "6.15",
        "23,6",
        "-",
        "+",
        ".",
        ",",
        " ",
        "\n",
        "°",
        "'",
        '"',
        "o",
    ),
    *(
        "S",
        "N",
        "E",
        "W",
        "lat",
        "long",
        "34M",
        "BA",
        "utm",
        "geo:",
        "VH3X+2Q",
        "///",
        "a.b.c",
        "99",
        "⁹",
        "٣",
    ),
    *("https://maps.google.com/", "?q=", "@", "#map=15/", "z", "%2C", "%ZZ", "!3d", "!4d", "maps.apple.com/"),
]


def check(text: str, country: str) -> None:
    place = found(text, country, TSHIKAPA)
    spans = [*(place.spans if place else ()), *(one.span for one in find_verbatim_places(text))]
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
    if place:
        assert abs(place.latitude) <= 90
        assert abs(place.longitude) <= 180
        assert 100 <= place.radius_m < 20_000_000


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.sampled_from(["", "CD"]))
def test_it_never_raises_on_pieces_in_any_order(text: str, country: str) -> None:
    check(text, country)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_it_never_raises_on_any_text(text: str) -> None:
    check(text, "CD")


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "1",
            "1 ",
            "-6.1 ",
            "6 07 ",
            "34M 5",
            "A+",
            "VH3X+",
            "VH3X+2Q ",
            "34MBA12 ",
            "lat ",
            "S ",
            "S6 07 ",
            "6°07'",
        ),
        *("-6.1,", "2.5123 ", "0.0001 0.0001 ", "34L 512345 9345678 ", "latitude est ", ".", ",", " ", "\n"),
        *("geo:", "geo:-6.1,23;", "geo:0.0,0.0 ", "///a.", "///filled.count.", "https://maps.google.com/"),
        *("google.com/maps ", "osm.org/1.5,2.5 "),
    ],
)
def test_it_takes_no_longer_for_a_text_made_to_be_slow(piece: str) -> None:
    text = (piece * 1_600)[:1_600]
    took_s = []
    for _ in range(5):
        begun = time.perf_counter()
        found(text, "CD", TSHIKAPA)
        took_s.append(time.perf_counter() - begun)
    assert min(took_s) < 0.01


@pytest.mark.parametrize(
    ("text", "kind", "verbatim"),
    [
        ("we are at ///filled.count.soap now", "what3words", "///filled.count.soap"),
        ("///agréable.école.été", "what3words", "///agréable.école.été"),
        (
            "see https://what3words.com/filled.count.soap.",
            "what3words",
            "https://what3words.com/filled.count.soap",
        ),
        ("w3w.co/filled.count.soap", "what3words", "w3w.co/filled.count.soap"),
        ("(https://maps.app.goo.gl/AbC12)", "map_link", "https://maps.app.goo.gl/AbC12"),
        ("https://goo.gl/maps/AbC12.", "map_link", "https://goo.gl/maps/AbC12"),
    ],
)
def test_it_keeps_what_it_may_not_resolve(text: str, kind: str, verbatim: str) -> None:
    (place,) = find_verbatim_places(text)
    assert (place.kind, place.words, words(text, (place.span,))) == (kind, verbatim, [verbatim])
    assert found(text) is None


@pytest.mark.parametrize(
    "text", ["", "filled.count.soap", "see a.b.c", "http://news.example/a.b.c", "and///or"]
)
def test_it_keeps_nothing_else(text: str) -> None:
    assert find_verbatim_places(text) == ()


def test_reading_keeps_them_beside_the_place() -> None:
    understanding = read("soldiers beat us in Tshikapa ///filled.count.soap", "CD")
    assert [place.words for place in understanding.verbatim_places] == ["///filled.count.soap"]
    assert understanding.place
    assert understanding.place.name == "Tshikapa"
    assert read("https://maps.app.goo.gl/AbC12").is_report


def test_reading_recovers_a_short_code_near_the_place_that_the_text_names() -> None:
    code = openlocationcode.encode(-6.1503, 20.6001)
    understanding = read(f"soldiers beat us at {code[4:]} Tshikapa", "CD")
    assert understanding.place
    assert (understanding.place.latitude, understanding.place.longitude) == pytest.approx(
        (-6.1503, 20.6001), abs=1e-4
    )
    text = f"soldiers beat us at {code[4:]} Tshikapa"
    assert words(text, understanding.place.spans) == [code[4:], "Tshikapa"]


def test_reading_recovers_a_short_code_near_the_middle_of_the_country() -> None:
    place = read("soldiers beat us at VH3X+2Q", "SL").place
    assert place
    assert (place.country, place.confidence) == ("SL", 0.4)
    assert 50_000 < place.radius_m < 100_000
    assert read("soldiers beat us at VH3X+2Q").place is None
