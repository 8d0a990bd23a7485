from django.urls import path

from sms_gateway import views

app_name = "sms_gateway"
urlpatterns = [
    path("twilio/", views.receive, {"provider": "twilio"}, name="twilio"),
    path("<slug:provider>/<str:token>/", views.receive, name="provider"),
]
