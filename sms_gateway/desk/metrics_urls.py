"""/metrics, for who watches the server."""

from django.urls import path

from sms_gateway.desk.metrics import metrics

urlpatterns = [path("", metrics, name="metrics")]
