"""The desk's page of the gateways, under /moderate/gateways/."""

from django.urls import path

from sms_gateway import desk

app_name = "gateways"
urlpatterns = [
    path("", desk.gateways, name="gateways"),
    path("held/<int:contact_id>/<slug:action>/", desk.review, name="review"),
]
