"""Where the doors meet: the only place that names them all."""

from django.urls import include, path

urlpatterns = [
    path("sms/", include("sms_gateway.urls")),  # first: it is asked the most
    path("", include("impact.web.urls")),
    path("moderate/cases/", include("sms_gateway.desk.revealing_urls")),
    path("moderate/people/keys/", include("reports_api.keys.urls")),
    path("moderate/people/", include("impact.accounts.people_urls")),
    path("moderate/gateways/", include("sms_gateway.desk.urls")),
    path("moderate/", include("impact.web.desk.urls")),
    path("metrics", include("sms_gateway.desk.metrics_urls")),
    path("accounts/", include("impact.accounts.urls")),
    path("accounts/", include("impact.accounts.library_urls")),
    path("api/v1/", include("reports_api.urls")),
    path("ogc", include("reports_api.ogc.start_urls")),
    path("ogc/", include("reports_api.ogc.urls")),
    path("", include("reports_api.openrosa.urls")),
]
