"""The pages."""

from django.urls import include, path

from impact.web import following, health, simulator
from impact.web.public import (
    alerts,
    areas,
    basemap,
    explore,
    feed,
    incidents,
    map_areas,
    method,
    overview,
    snapshots,
)

app_name = "web"
urlpatterns = [
    path("", overview.overview, name="map"),
    path("embed/", overview.embed, name="embed"),
    path("map/areas.json", map_areas.map_areas, name="map_areas"),
    path("basemap.json", basemap.basemap, name="basemap"),
    path("explore/", explore.explore, name="explore"),
    path("incidents/<uuid:pk>/", incidents.incident, name="incident"),
    path("areas/", areas.area_list, name="areas"),
    path("areas/<int:pk>/", areas.area, name="area"),
    path("snapshots/", snapshots.snapshot_list, name="snapshots"),
    path("snapshots/check.py", snapshots.check_script, name="snapshot_check"),
    path("snapshots/<str:pk>/", snapshots.snapshot, name="snapshot"),
    path("snapshots/<str:pk>/lines/", snapshots.lines, name="snapshot_lines"),
    path("snapshots/<str:pk>/generalised/", snapshots.generalised_lines, name="snapshot_generalised"),
    path("feeds/incidents.atom", feed.incidents, name="feed"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/confirm/<str:key>/", alerts.confirm_alerts, name="alerts_confirm"),
    path("alerts/leave/<str:key>/", alerts.leave_alerts, name="alerts_leave"),
    path("method/", method.method, name="method"),
    path("exports/", include("impact.web.exports.urls")),
    path("report/", include("impact.web.reporting.urls")),
    path("follow/", following.follow, name="follow"),
    path("simulator/", simulator.simulator, name="simulator"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
