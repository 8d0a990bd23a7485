"""The pages."""

from django.urls import include, path

from impact.web import exports, following, health, simulator
from impact.web.public import areas, basemap, incidents, method, overview, snapshots

app_name = "web"
urlpatterns = [
    path("", overview.overview, name="map"),
    path("basemap.json", basemap.basemap, name="basemap"),
    path("incidents/<uuid:pk>/", incidents.incident, name="incident"),
    path("areas/", areas.area_list, name="areas"),
    path("areas/<int:pk>/", areas.area, name="area"),
    path("snapshots/<str:pk>/", snapshots.snapshot, name="snapshot"),
    path("snapshots/<str:pk>/lines/", snapshots.lines, name="snapshot_lines"),
    path("method/", method.method, name="method"),
    path("exports/", exports.exports, name="exports"),
    path("report/", include("impact.web.reporting.urls")),
    path("follow/", following.follow, name="follow"),
    path("simulator/", simulator.simulator, name="simulator"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
