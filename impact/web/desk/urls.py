"""The desk, under /moderate/."""

from django.urls import path

from impact.web.desk import case, queue

app_name = "desk"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("cases/<uuid:pk>/", case.case, name="case"),
    path("cases/<uuid:pk>/<slug:action>/", case.act, name="act"),
]
