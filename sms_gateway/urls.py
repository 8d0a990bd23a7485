from django.urls import path

from sms_gateway import views

app_name = "sms_gateway"
urlpatterns = [
    # A provider that signs needs no secret in its address.
    path("<slug:provider>/", views.receive, name="signed"),
    path("<slug:provider>/status/", views.receive_status, name="signed_status"),
    path("<slug:provider>/<str:token>/", views.receive, name="provider"),
    path("<slug:provider>/<str:token>/status/", views.receive_status, name="provider_status"),
]
