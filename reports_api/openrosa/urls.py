"""Addresses under /openrosa: without a last slash, as Collect builds them."""

from django.urls import path

from reports_api.openrosa import receiving, views

app_name = "openrosa"
urlpatterns = [
    path("openrosa/", views.about, name="about"),
    path("openrosa/formList", views.form_list, name="form_list"),
    path("openrosa/forms/report.xml", views.form, name="form"),
    path("openrosa/submission", receiving.SubmissionView.as_view(), name="submission"),
]
