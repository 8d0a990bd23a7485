"""/ogc, without its slash: QGIS does not follow where else it is sent."""

from django.urls import path

from reports_api.ogc import views

urlpatterns = [path("", views.LandingView.as_view(), name="ogc_start")]
