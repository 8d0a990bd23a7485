"""A layer definition of QGIS (QLR): every collection as a live layer, styled, in one file to drag in."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from reports_api.ogc.collections import Collection

MEDIA_TYPE = "application/x-qgis-layer-definition"
_DOCTYPE = "<!DOCTYPE qgis-layer-definition>\n"
_PROVIDER = "OAPIF"


def layer_definition(address: str, collections: Iterable[Collection]) -> str:
    """`address` is the landing page's. Words are in the active language."""
    root = Element("qlr")
    tree = SubElement(root, "layer-tree-group", {"name": "", "checked": "Qt::Checked", "expanded": "1"})
    layers = SubElement(root, "maplayers")
    for collection in collections:
        key, title = f"headlamp_{collection.name}", str(collection.title)
        source = f"typename='{collection.name}' url='{address}'"
        listed = {"id": key, "name": title, "source": source, "providerKey": _PROVIDER}
        SubElement(tree, "layer-tree-layer", {**listed, "checked": "Qt::Checked", "expanded": "1"})
        layer = SubElement(layers, "maplayer", {"type": "vector", "geometry": "Point"})
        SubElement(layer, "id").text = key
        SubElement(layer, "datasource").text = source
        SubElement(layer, "layername").text = title
        SubElement(SubElement(SubElement(layer, "srs"), "spatialrefsys"), "authid").text = "EPSG:4326"
        SubElement(layer, "provider", {"encoding": "UTF-8"}).text = _PROVIDER
        layer.extend(fromstring(collection.styles["style"]()))  # noqa: S314 - of our own making
    return _DOCTYPE + tostring(root, encoding="unicode")
