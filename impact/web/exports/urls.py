"""Addresses of exports, below /exports/."""

from django.urls import path

from impact.web.exports import listing, making, ordering, preview

urlpatterns = [
    path("", listing.exports, name="exports"),
    path("preview.svg", preview.preview, name="export_preview"),
    path("new/<str:kind>/", ordering.new_export, name="export_new"),
    path("<uuid:pk>/", making.export, name="export"),
    path("<uuid:pk>/state/", making.state, name="export_state"),
    path("<uuid:pk>/again/", making.again, name="export_again"),
    path("<uuid:pk>/files/<str:name>", making.file, name="export_file"),
]
