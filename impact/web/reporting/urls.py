"""Under /report/: one address, so that no answer and no step ever stands in one."""

from django.urls import path

from impact.web.reporting import views

urlpatterns = [path("", views.report, name="report")]
