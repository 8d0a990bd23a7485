"""Run by itself in a process of its own: a picture comes in, its pixels alone go out.

`python -I picture_worker.py MEDIA_TYPE RECTANGLES` reads a picture from standard input and writes a new one
of the same kind to standard output. RECTANGLES is a JSON list of [left, top, width, height] in shares of the
picture (0 to 1) that are made unreadable. Exit status 2 and one line on standard error say why it refused.
Limits are set before the first byte is parsed: memory, processor time, no file larger than nothing, no
child processes.
"""

import io
import json
import resource
import sys

MEMORY_BYTES = 1_200_000_000
CPU_S = 20
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2_400
COARSEST = 12  # cells across a blurred rectangle: no filter brings a face back from so few
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def main() -> None:
    _limit()
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    kind, rectangles = FORMATS[sys.argv[1]], json.loads(sys.argv[2])
    content = sys.stdin.buffer.read()
    with Image.open(io.BytesIO(content), formats=[kind]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        # Which way up it is stands in the metadata that goes: the pixels are turned first.
        turned = ImageOps.exif_transpose(opened)
        picture = turned.convert("RGBA" if kind != "JPEG" and "A" in turned.getbands() else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    for left, top, width, height in rectangles:
        box = (
            round(left * picture.width),
            round(top * picture.height),
            min(picture.width, round((left + width) * picture.width)),
            min(picture.height, round((top + height) * picture.height)),
        )
        across, down = box[2] - box[0], box[3] - box[1]
        if across > 0 and down > 0:
            part = picture.crop(box)
            scale = max(across, down) / COARSEST
            few = (max(1, round(across / scale)), max(1, round(down / scale)))
            coarse = part.resize(few, Image.Resampling.BOX)
            picture.paste(coarse.resize((across, down), Image.Resampling.NEAREST), box)
    # A new picture from the pixels: nothing that came with the old one is carried over.
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    written = io.BytesIO()
    clean.save(written, kind, **({"quality": 85} if kind != "PNG" else {}))
    sys.stdout.buffer.write(written.getvalue())


def _limit() -> None:
    for name, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(name, (value, value))


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # noqa: BLE001 - whatever a hostile picture does, the parent hears one line
        print(f"{type(error).__name__}", file=sys.stderr)  # noqa: T201
        sys.exit(2)
