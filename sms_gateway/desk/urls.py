"""The desk's page of the gateways, under /moderate/gateways/."""

from django.urls import path

from sms_gateway.desk import pages

app_name = "gateways"
urlpatterns = [
    path("", pages.gateways, name="gateways"),
    path("held/<int:contact_id>/<slug:action>/", pages.review, name="review"),
]
