"""What QGIS shows of a layer under Information: title, abstract, licence, link; in its own XML (QMD)."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings

STANDARD = "http://mrcc.com/qgis.dtd"
_DOCTYPE = f"<!DOCTYPE qgis PUBLIC '{STANDARD}' 'SYSTEM'>\n"


def layer_metadata(said: Mapping[str, str], language: str) -> str:
    """A QMD document from the provenance of a snapshot."""
    root = Element("qgis", {"version": "3.22.0"})
    abstract = "\n\n".join(
        [said["note"], said["citation"], f"SHA-256: {said['digest_sha256']}", f"filter: {said['filter']}"]
    )
    for name, text in (
        ("identifier", said["made_from"]),
        ("parentidentifier", ""),
        ("language", language),
        ("type", "dataset"),
        ("title", said["title"]),
        ("abstract", abstract),
    ):
        SubElement(root, name).text = text
    contact = SubElement(root, "contact")
    SubElement(contact, "name").text = settings.ORGANISATION
    SubElement(contact, "organization").text = settings.ORGANISATION
    SubElement(contact, "role").text = "publisher"
    links = SubElement(root, "links")
    SubElement(
        links,
        "link",
        {
            "name": said["snapshot"],
            "type": "WWW:LINK",
            "url": said["made_from"],
            "description": said["title"],
            "format": "",
            "mimeType": "text/html",
            "size": "",
        },
    )
    SubElement(root, "license").text = said["licence"]
    SubElement(root, "encoding").text = "UTF-8"
    reference = SubElement(SubElement(root, "crs"), "spatialrefsys")
    SubElement(reference, "authid").text = "EPSG:4326"
    return _DOCTYPE + tostring(root, encoding="unicode")
