import io
import zlib
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from pytest_django import Settings

from impact.accounts.models import User
from impact.incidents.custody import custody_of
from impact.incidents.evidence import EvidenceRefused, read_original
from impact.incidents.working_copies import make_copy, read_copy, reencode
from tests.builders import make_incident, make_picture, picture_bytes

pytestmark = pytest.mark.django_db

SECRET = "SERIAL-4471-KABONGO"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{SECRET}</dc:creator></x:xmpmeta>'.encode()


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def exif() -> Image.Exif:
    tags = Image.Exif()
    tags[0x010F] = SECRET  # Make
    tags[0x013B] = SECRET  # Artist
    tags[0x0112] = 6  # turned a quarter
    tags.get_ifd(0x8825).update({1: "S", 2: (6.0, 24.0, 57.6), 3: "E", 4: (20.0, 48.0, 0.0)})
    tags.get_ifd(0x8769).update({0xA431: SECRET})  # BodySerialNumber
    return tags


def png_texts() -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET)
    texts.add_text("Comment", SECRET, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return texts


CORPUS = {
    "jpeg-exif": ("image/jpeg", picture_bytes("JPEG", exif=exif())),
    "jpeg-xmp": ("image/jpeg", picture_bytes("JPEG", xmp=XMP)),
    "jpeg-comment": ("image/jpeg", picture_bytes("JPEG", comment=SECRET)),
    "jpeg-profile": ("image/jpeg", picture_bytes("JPEG", icc_profile=SECRET.encode() * 8)),
    "jpeg-behind": ("image/jpeg", picture_bytes("JPEG") + SECRET.encode()),
    "png-exif": ("image/png", picture_bytes("PNG", exif=exif())),
    "png-texts": ("image/png", picture_bytes("PNG", pnginfo=png_texts())),
    "png-behind": ("image/png", picture_bytes("PNG") + SECRET.encode()),
    "webp-exif": ("image/webp", picture_bytes("WEBP", exif=exif())),
    "webp-xmp": ("image/webp", picture_bytes("WEBP", xmp=XMP)),
}


@pytest.mark.parametrize(("media_type", "content"), CORPUS.values(), ids=CORPUS)
def test_a_copy_has_pixels_and_no_tag_of_the_original(media_type: str, content: bytes) -> None:
    copy = reencode(content, media_type)
    with Image.open(io.BytesIO(copy)) as picture:
        assert Image.MIME[picture.format or ""] == media_type
        assert dict(picture.getexif()) == {}
        assert not {"exif", "xmp", "comment", "icc_profile", "Author", "XML:com.adobe.xmp"} & set(
            picture.info
        )
    for secret in (SECRET.encode(), b"Exif\0\0", b"xmpmeta", zlib.compress(SECRET.encode())):
        assert secret not in copy


def test_it_is_turned_as_its_metadata_said_before_they_go() -> None:
    with Image.open(
        io.BytesIO(reencode(picture_bytes("JPEG", size=(64, 48), exif=exif()), "image/jpeg"))
    ) as it:
        assert it.size == (48, 64)


def test_a_blurred_part_is_flat_and_the_rest_stays(moderator: User) -> None:
    noise = Image.effect_noise((120, 120), 90).convert("RGB")
    written = io.BytesIO()
    noise.save(written, "PNG")
    evidence = make_picture(make_incident(), written.getvalue())
    first = make_copy(evidence=evidence, made_by=moderator.pk)
    second = make_copy(
        evidence=evidence, made_by=moderator.pk, rectangles=[(0.5, 0.5, 0.5, 0.5)], parent=first
    )
    before, after = (Image.open(io.BytesIO(read_copy(copy))) for copy in (first, second))
    part = after.crop((60, 60, 120, 120))
    assert len(part.getcolors(10_000) or []) <= 12 * 12
    assert before.crop((0, 0, 60, 120)).tobytes() == after.crop((0, 0, 60, 120)).tobytes()
    assert second.parent == first
    assert read_original(evidence) == written.getvalue()
    assert [(row.deed, row.actor) for row in custody_of(evidence)] == [
        ("derived", str(moderator)),
        ("blurred", str(moderator)),
    ]


def bomb() -> bytes:
    """A PNG of 30,000 x 30,000 pixels in some kilobytes."""
    row = b"\0" * (30_000 // 8 + 1)
    packed = zlib.compress(row * 1_000)
    chunks = [
        (b"IHDR", (30_000).to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])),
        (b"IDAT", packed),
        (b"IEND", b""),
    ]
    parts = (
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("image/png", bomb()),
        ("image/jpeg", b"\xff\xd8\xff\xe0 no picture"),
        ("image/jpeg", picture_bytes("PNG")),
        ("image/png", picture_bytes("PNG")[:60]),
        ("image/webp", picture_bytes("TIFF")),
    ],
    ids=["too many pixels", "broken", "another kind", "cut off", "a kind not taken"],
)
def test_a_hostile_picture_is_refused_and_nothing_else_happens(media_type: str, content: bytes) -> None:
    with pytest.raises(EvidenceRefused):
        reencode(content, media_type)


def test_sound_video_and_pdf_have_no_copy_and_a_rectangle_stays_inside() -> None:
    incident = make_incident()
    with pytest.raises(EvidenceRefused):
        make_copy(evidence=make_picture(incident, b"%PDF-1.7\n%"), made_by=None)
    with pytest.raises(EvidenceRefused):
        make_copy(evidence=make_picture(incident), made_by=None, rectangles=[(0.5, -0.1, 0.5, 0.5)])
