"""Addresses under /ogc/."""

from django.urls import path, re_path

from reports_api import documents
from reports_api.ogc import items, views

app_name = "ogc"
urlpatterns = [
    path("", views.LandingView.as_view(), name="landing"),
    path("conformance/", views.ConformanceView.as_view(), name="conformance"),
    path("api/", views.DefinitionView.as_view(), name="api"),
    path("collections/", views.CollectionsView.as_view(), name="collections"),
    path("collections/<slug:name>/", views.CollectionView.as_view(), name="collection"),
    path("collections/<slug:name>/items/", items.ItemsView.as_view(), name="items"),
    path("collections/<slug:name>/items/<str:feature>/", items.ItemView.as_view(), name="item"),
    re_path(r"^(?P<path>.*)$", documents.not_found),
]
