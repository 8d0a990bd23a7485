"""Administration, under /moderate/people/."""

from django.urls import path

from impact.accounts import people

app_name = "people"
urlpatterns = [
    path("", people.people, name="people"),
    path("organisations/", people.organisations, name="organisations"),
    path("<int:pk>/", people.person, name="person"),
]
