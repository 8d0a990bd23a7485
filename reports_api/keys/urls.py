"""The administrators' page of programs, under /moderate/people/keys/."""

from django.urls import path

from reports_api.keys import pages

app_name = "keys"
urlpatterns = [path("", pages.keys, name="keys")]
