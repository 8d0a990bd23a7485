"""Addresses under /ogc/: as the standard writes them, without a last slash, and with one too.

QGIS asks for a collection at the address of all of them, a slash and its name, whatever links say: were that
address to end with a slash itself, there would be two, and nothing at it.
"""

from django.urls import path, re_path

from reports_api import documents
from reports_api.ogc import items, views

app_name = "ogc"
_COLLECTION = r"^collections/(?P<name>[-\w]+)"
urlpatterns = [
    path("", views.LandingView.as_view(), name="landing"),
    re_path(r"^conformance/?$", views.ConformanceView.as_view(), name="conformance"),
    re_path(r"^api/?$", views.DefinitionView.as_view(), name="api"),
    path("headlamp.qlr", views.LayersView.as_view(), name="layers"),
    re_path(r"^collections/?$", views.CollectionsView.as_view(), name="collections"),
    re_path(_COLLECTION + r"/?$", views.CollectionView.as_view(), name="collection"),
    re_path(_COLLECTION + r"/schema/?$", views.SchemaView.as_view(), name="schema"),
    re_path(_COLLECTION + r"/schema/feature/?$", views.FeatureSchemaView.as_view(), name="feature_schema"),
    re_path(_COLLECTION + r"/(?P<style>[-a-z]+)\.qml$", views.StyleView.as_view(), name="style"),
    re_path(_COLLECTION + r"/items/?$", items.ItemsView.as_view(), name="items"),
    re_path(_COLLECTION + r"/items/(?P<feature>[^/]+)/?$", items.ItemView.as_view(), name="item"),
    re_path(r"^(?P<path>.*)$", documents.not_found),
]
