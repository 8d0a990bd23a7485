"""The one page of the telephones that staff open, under /moderate/cases/."""

from django.urls import path

from sms_gateway.desk.revealing import reveal

urlpatterns = [path("<uuid:pk>/contact/", reveal, name="reveal_contact")]
