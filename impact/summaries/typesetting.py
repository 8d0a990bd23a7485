"""Documents set by typst: tagged, with their fonts, and the same to the byte for the same content."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import matplotlib as mpl
import typst

_STANDARDS: Any = ["ua-1", "a-2a"]


def typeset(template: Path, moment: datetime, content: Mapping[str, Any], **more: str) -> bytes:
    """A PDF/UA-1 and PDF/A-2a of a template, its date that of `moment`.

    Fonts are those that come with the packages. The template reads `content` as JSON, and what more it is
    given.
    """
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[os.path.join(mpl.get_data_path(), "fonts", "ttf")],
    )
    moment = moment.astimezone(UTC)
    dated = {**content, "date": [moment.year, moment.month, moment.day]}
    # Handed over in memory: a worker that is killed leaves no file of it anywhere.
    return bytes(
        typst.compile(
            str(template),
            root=str(template.parent),
            format="pdf",
            font_paths=fonts,
            sys_inputs={"content": json.dumps(dated, ensure_ascii=False), **more},
            pdf_standards=_STANDARDS,
            timestamp=int(moment.timestamp()),
        )
    )
