from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "impact.places"
    label = "places"
