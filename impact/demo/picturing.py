"""Drawn pictures as evidence of some invented reports: shapes and the word FICTION, with invented tags."""

from io import BytesIO

from PIL import Image, ImageDraw

from impact.incidents.evidence import keep_original
from impact.incidents.models import Report

_EVERY, _MOST = 40, 12
_GROUNDS = ((150, 110, 70), (120, 130, 90), (170, 140, 100))


def add_pictures() -> int:
    """Keep a drawn picture with every fortieth report, twelve at most. Safe to call again: kept once."""
    reports = Report.objects.filter(is_fictional=True).order_by("received_at", "pk")
    chosen = [report for number, report in enumerate(reports.iterator()) if number % _EVERY == 0][:_MOST]
    for number, report in enumerate(chosen):
        keep_original(
            report_id=report.pk,
            content=_drawn(number),
            file_name=f"fiction-{number + 1}.jpg",
            source="demo",
            received_at=report.received_at,
        )
    return len(chosen)


def _drawn(number: int) -> bytes:
    """A pit, two tents and two figures, with tags that the working copy will not have."""
    picture = Image.new("RGB", (1200, 800), (190, 215, 235))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 380, 1200, 800), fill=_GROUNDS[number % len(_GROUNDS)])
    shift = 40 * (number % 7)
    pen.ellipse((300 + shift, 520, 820 + shift, 720), fill=(70, 50, 35))
    for left in (80 + shift, 900 - shift):
        pen.polygon(((left, 470), (left + 90, 330), (left + 180, 470)), fill=(40, 90, 140))
    for left in (420 + shift, 640 + shift):
        pen.ellipse((left, 400, left + 50, 450), fill=(60, 45, 40))
        pen.rectangle((left - 8, 450, left + 58, 580), fill=(180, 60, 50))
    pen.text((20, 20), "FICTION", fill=(0, 0, 0), font_size=60)
    tags = Image.Exif()
    tags[0x010F] = "Invented Phones"
    tags[0x013B] = "Nobody"
    written = BytesIO()
    picture.save(written, "JPEG", exif=tags, quality=80)
    return written.getvalue()
