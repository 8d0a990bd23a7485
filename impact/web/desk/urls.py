"""The desk, under /moderate/."""

from django.urls import path

from impact.web.desk import alerts, case, queue, talking

app_name = "desk"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<int:pk>/close/", alerts.close, name="alert_close"),
    path("alerts/rules/<int:pk>/", alerts.switch, name="alert_switch"),
    path("cases/<uuid:pk>/", case.case, name="case"),
    path("cases/<uuid:pk>/talk/", talking.talk, name="talk"),
    path("cases/<uuid:pk>/<slug:action>/", case.act, name="act"),
]
