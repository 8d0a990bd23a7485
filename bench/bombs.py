"""Files that are made to take more than a machine has, given to every command that reads files of others.

Run: .venv/bin/python -m bench.bombs [WORD…]     those whose name has one of the words, all if none is given

Each is made, read by `manage.py` in a process of its own, and removed. Printed are its size, the highest
memory of the process and of all that it started, as a part of the limit (HEADLAMP_IMPORT_MEMORY_MB), the
seconds, the end status, what it said, and what it left in the folder for temporary files. Ends with 1 where
one took more than the limit, ended with a trace, or left something behind.
"""

import gzip
import json
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

LIMIT_MB = 2000
GIGABYTES = 1_500_000_000
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = (
    '<!DOCTYPE l [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
HEAD = "name,lat,lon\n"
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
Make = Callable[[Path], None]
BOMBS: dict[str, tuple[str, str, Make]] = {}  # the name of the file, the command, what makes it


def bomb(command: str, *names: str) -> Callable[[Make], Make]:
    def noted(make: Make) -> Make:
        for name in names:
            BOMBS[f"{command} {make.__name__} {name}"] = (name, command, make)
        return make

    return noted


def zeros(size: int, part: bytes = b" " * (1 << 20)) -> Iterator[bytes]:
    for _ in range(size // len(part)):
        yield part


def packed(file: Path, parts: dict[str, bytes | Iterator[bytes]]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            with archive.open(name, "w", force_zip64=True) as entry:
                for part in [content] if isinstance(content, bytes) else content:
                    entry.write(part)


def workbook(file: Path, sheet: bytes | Iterator[bytes], strings: bytes | Iterator[bytes] = b"") -> None:
    packages = "http://schemas.openxmlformats.org/package/2006"
    documents = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts: dict[str, bytes | Iterator[bytes]] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{packages}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/s.xml" ContentType="{kinds}.worksheet+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kinds}.sharedStrings+xml"/></Types>'
        ).encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" '
            f'Type="{documents}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" '
            f'Type="{documents}/worksheet" Target="worksheets/s.xml"/><Relationship Id="r2" '
            f'Type="{documents}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{documents}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
        ).encode(),
        "xl/worksheets/s.xml": sheet,
        "xl/sharedStrings.xml": strings or f'<sst xmlns="{MAIN}"/>'.encode(),
    }
    packed(file, parts)


def sheet(*rows: str, before: str = "") -> bytes:
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEAD.strip().split(","))
    data = f'<sheetData><row r="1">{head}</row>{"".join(rows)}</sheetData>'
    return f'{before}<worksheet xmlns="{MAIN}">{data}</worksheet>'.encode()


@bomb("import_areas", "a.xlsx", "a.zip", "a.kmz", "a.ods")
@bomb("import_production", "a.xlsx")
@bomb("import_places", "a.zip")
def gigabytes(file: Path) -> None:
    if file.suffix == ".xlsx":
        workbook(file, zeros(GIGABYTES))
    inside = {".kmz": "doc.kml", ".ods": "content.xml"}.get(file.suffix, "a.geojson")
    packed(file, {inside: zeros(GIGABYTES * 3)})


@bomb("import_areas", "a.xlsx")
@bomb("import_production", "a.xlsx")
def million_strings(file: Path) -> None:
    strings = "".join(f"<si><t>text number {number}</t></si>" for number in range(1_000_000))
    workbook(file, sheet(), f'<sst xmlns="{MAIN}">{strings}</sst>'.encode())


@bomb("import_areas", "a.xlsx")
def strings_of_gigabytes(file: Path) -> None:
    workbook(file, sheet(), zeros(400_000_000))


@bomb("import_areas", "a.xlsx", "a.kml", "a.kmz", "a.gml", "a.gpx")
@bomb("import_production", "a.xlsx")
def billion_laughs(file: Path) -> None:
    if file.suffix == ".xlsx":
        row = '<row r="2"><c t="inlineStr"><is><t>&l9;</t></is></c></row>'
        workbook(file, sheet(row, before=LAUGHS))
        return
    point = "<Point><coordinates>1,1</coordinates></Point>"
    body = f"{KML}<Placemark><name>&l9;</name>{point}</Placemark></Document></kml>"
    if file.suffix == ".gml":
        member = "<gml:featureMember><a><n>&l9;</n></a></gml:featureMember>"
        root = 'gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"'
        body = f"<{root}>{member}</gml:FeatureCollection>"
    if file.suffix == ".gpx":
        root = 'gpx xmlns="http://www.topografix.com/GPX/1/1"'
        body = f'<{root}><wpt lat="1" lon="1"><name>&l9;</name></wpt></gpx>'
    if file.suffix == ".kmz":
        packed(file, {"doc.kml": (LAUGHS + body).encode()})
    else:
        file.write_text(LAUGHS + body)


@bomb("import_areas", "a.xlsx")
def row_of_a_billion(file: Path) -> None:
    workbook(file, sheet('<row r="1000000000"><c r="A1000000000"><v>1</v></c></row>'))


@bomb("import_areas", "a.xlsx")
def wide_rows(file: Path) -> None:
    workbook(file, sheet(*(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(2, 10_000))))


@bomb("import_areas", "a.xlsx")
@bomb("import_production", "a.xlsx")
def row_of_elements(file: Path) -> None:
    workbook(file, sheet('<row r="2">' + "<x/>" * 25_000_000 + "</row>"))


@bomb("import_areas", "a.zip")
def many_entries(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(100_000):
            archive.writestr(f"{number}.geojson", b"")


@bomb("import_areas", "a.zip", "a.kmz", "a.xlsx")
def lying_sizes(file: Path) -> None:
    """The archive says of its one file that it has 100 bytes, and it has gigabytes."""
    packed(file, {"doc.kml" if file.suffix != ".zip" else "a.geojson": zeros(GIGABYTES)})
    content = bytearray(file.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 24, 100)
    file.write_bytes(content)


@bomb("import_areas", "a.geojson", "a.json")
def nested_100_000_deep(file: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    file.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":'
        + deep
        + '},"geometry":{"type":"Point","coordinates":[1,1]}}]}'
    )


@bomb("import_areas", "a.geojson")
def collections_100_000_deep(file: Path) -> None:
    one = '{"type":"GeometryCollection","geometries":['
    file.write_text('{"type":"Feature","properties":{},"geometry":' + one * 100_000 + "]}" * 100_000 + "}")


@bomb("import_areas", "a.kml")
def folders_100_000_deep(file: Path) -> None:
    file.write_text(KML + "<Folder>" * 100_000 + "</Folder>" * 100_000 + "</Document></kml>")


@bomb("import_areas", "a.csv")
def words_100_000_deep(file: Path) -> None:
    deep = "GEOMETRYCOLLECTION (" * 100_000 + "POINT (1 1)" + ")" * 100_000
    file.write_text(f'name,wkt\nA,"{deep}"\n')


@bomb("import_areas", "a.csv")
@bomb("import_places", "a.csv", "a.csv.gz")
@bomb("import_production", "a.csv")
@bomb("import_reports", "a.csv")
@bomb("read_texts", "a.jsonl")
def line_of_500_mb(file: Path) -> None:
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "wb") as out:
        out.write(HEAD.encode())
        for part in zeros(500_000_000, b"x" * (1 << 20)):
            out.write(part)


@bomb("import_areas", "a.csv")
@bomb("import_places", "a.csv")
@bomb("import_reports", "a.csv")
def cell_of_500_mb(file: Path) -> None:
    with open(file, "wb") as out:
        out.write(HEAD.encode() + b'"')
        for part in zeros(500_000_000, b"word word\n" * 100_000):
            out.write(part)


def circle(corners: int) -> Iterator[str]:
    for number in range(corners):
        yield f"{20 + number / corners:.7f},{-6 + (number % 2) / 1000:.4f}"


@bomb("import_areas", "a.geojson")
def outline_of_ten_million(file: Path) -> None:
    with file.open("w") as out:
        out.write(
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"A"},"geometry":'
        )
        out.write('{"type":"Polygon","coordinates":[[[20,-5]')
        for point in circle(10_000_000):
            out.write(f",[{point}]")
        out.write(",[20,-5]]]}}]}")


@bomb("import_areas", "a.fgb", "a.gpkg", "a.shp")
def shape_of_ten_million(file: Path) -> None:
    import geopandas
    import numpy as np
    import shapely

    turn = np.linspace(0, 2 * np.pi, 10_000_000)
    shape = shapely.Polygon(np.column_stack((20 + np.cos(turn), -6 + np.sin(turn))))
    frame = geopandas.GeoDataFrame({"name": ["A", "B"]}, geometry=[shape, shapely.Point(20, -6)], crs=4326)
    frame[: 1 if file.suffix == ".shp" else 2].to_file(file)


@bomb("import_areas", "a.geojson")
def outline_that_crosses_itself(file: Path) -> None:
    ring = [[20 + (number * 7919 % 30_000) / 30_000, -6 + (number % 2)] for number in range(30_000)]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    feature = {"type": "Feature", "properties": {"name": "A"}, "geometry": shape}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def main(words: list[str]) -> int:
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="bombs-") as directory:
        room = Path(directory)
        (room / "tmp").mkdir()
        keys = subprocess.run(
            [sys.executable, "deploy/create_keys.py"], capture_output=True, check=True
        ).stdout
        (room / "env").write_bytes(keys)
        environment = {
            **os.environ,
            "HEADLAMP_ENV_FILE": str(room / "env"),
            "HEADLAMP_VAR": str(room / "var"),
            "HEADLAMP_IMPORT_MEMORY_MB": str(LIMIT_MB),
            "TMPDIR": str(room / "tmp"),
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, check=True)
        print(f"{'':64}{'size':>9}{'memory':>10}{'of limit':>10}{'seconds':>9}  end  said")
        for title, (name, command, _make) in BOMBS.items():
            if not words or any(word in title for word in words):
                (room / "file").mkdir()
                # Apart: what this process holds would count as the memory of those that it starts.
                making = [sys.executable, "-m", "bench.bombs", "--make", title, str(room / "file" / name)]
                subprocess.run(making, check=True)
                wrong += not tried(title, room, room / "file" / name, command, environment)
                for left in (room / "file").iterdir():
                    left.unlink()
                (room / "file").rmdir()
    return int(bool(wrong))


def tried(title: str, room: Path, file: Path, command: str, environment: dict[str, str]) -> bool:
    more = ["--format", "csv"] if command == "import_reports" else []
    begun = time.monotonic()
    with (room / "out").open("w+") as out, (room / "err").open("w+") as err:
        process = subprocess.Popen(
            [sys.executable, "manage.py", command, str(file), *more], env=environment, stdout=out, stderr=err
        )
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - begun
        out.seek(0)
        err.seek(0)
        said, told = err.read().strip(), out.read()
    # What a process waited for is in its own count: the highest of all.
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1_000_000
    left = [path.name for path in (room / "tmp").iterdir()]
    is_right = peak <= LIMIT_MB and "Traceback" not in said and not left
    skips = [line.strip() for line in told.splitlines() if line.startswith("  row")]
    words = (said.splitlines() or skips or ["nothing"])[-1][:150]
    words += ("" if is_right else "  WRONG") + (f"  LEFT {left}" if left else "")
    print(
        f"{title:64}{file.stat().st_size / 1e6:6.1f} MB{peak:7.0f} MB{peak / LIMIT_MB:10.2f}{seconds:9.1f}"
        f"{process.returncode:5}  {words}",
        flush=True,
    )
    return is_right


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.argv[1:2] == ["--make"]:
        BOMBS[sys.argv[2]][2](Path(sys.argv[3]))
    else:
        sys.exit(main(sys.argv[1:]))
