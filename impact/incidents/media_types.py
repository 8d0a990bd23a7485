"""What a file is by its first bytes. Its name and what a browser says of it are not asked."""

import re

_SIGNATURES = (
    ("image/jpeg", rb"\xff\xd8\xff"),
    ("image/png", rb"\x89PNG\r\n\x1a\n"),
    ("image/webp", rb"RIFF....WEBP"),
    ("application/pdf", rb"%PDF-[0-9]"),
    ("video/3gpp", rb"....ftyp3g"),
    ("audio/mp4", rb"....ftypM4A"),
    ("video/mp4", rb"....ftyp(?:isom|iso[2-9]|mp4[12]|avc1|M4V |MSNV|dash|qt  )"),
    ("audio/ogg", rb"OggS.{24,60}OpusHead"),
    ("audio/ogg", rb"OggS.{24,60}\x01vorbis"),
    ("audio/amr", rb"#!AMR\n"),
    ("audio/amr-wb", rb"#!AMR-WB\n"),
)
_COMPILED = tuple((media_type, re.compile(pattern, re.DOTALL)) for media_type, pattern in _SIGNATURES)
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "video/3gpp": "3gp",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "audio/ogg": "ogg",
    "audio/amr": "amr",
    "audio/amr-wb": "awb",
}


def media_type_of(content: bytes) -> str:
    """The media type (RFC 2046) of a kind that we take, "" for every other."""
    return next((media_type for media_type, pattern in _COMPILED if pattern.match(content)), "")
