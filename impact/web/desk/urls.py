"""The desk, under /moderate/."""

from django.urls import path

from impact.web.desk import alerts, case, evidence, log, preview, queue, talking
from impact.web.desk.areas import listing as areas
from impact.web.desk.areas import page as area_page

app_name = "desk"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("counts/", queue.counts, name="counts"),
    path("views/", queue.save_view, name="save_view"),
    path("ticked/", queue.decide_many, name="decide_many"),
    path("log/", log.log, name="log"),
    path("log/file/", log.log_file, name="log_file"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<int:pk>/close/", alerts.close, name="alert_close"),
    path("alerts/rules/<int:pk>/", alerts.switch, name="alert_switch"),
    path("alerts/rules/<int:pk>/edit/", alerts.edit, name="alert_edit"),
    path("areas/", areas.area_list, name="areas"),
    path("areas/pairs/", areas.area_pairs, name="area_pairs"),
    path("areas/<int:pk>/", area_page.area, name="area"),
    path("areas/<int:pk>/<slug:action>/", area_page.area_act, name="area_act"),
    path("cases/<uuid:pk>/", case.case, name="case"),
    path("evidence/<uuid:pk>/", evidence.piece, name="evidence"),
    path("evidence/<uuid:pk>/blur/", evidence.blur, name="evidence_blur"),
    path("evidence/<uuid:pk>/original/", evidence.original, name="evidence_original"),
    path("evidence/copies/<uuid:pk>/", evidence.picture, name="evidence_picture"),
    path("cases/<uuid:pk>/evidence.json", evidence.manifest, name="evidence_manifest"),
    path("cases/<uuid:pk>/preview/", preview.preview, name="preview"),
    path("cases/<uuid:pk>/talk/", talking.talk, name="talk"),
    path("cases/<uuid:pk>/<slug:action>/", case.act, name="act"),
]
