"""What intake is compared with by bench/intake.py: Django under gunicorn, one address, one row.

Nothing of the product but its DATABASES (the same engine, connections kept as long, commits as durable). No
middleware, no signature, no transaction but the one that an INSERT is by itself.
"""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from impact import settings as product

settings.configure(
    DATABASES=product.DATABASES,
    DEFAULT_AUTO_FIELD=product.DEFAULT_AUTO_FIELD,
    GDAL_LIBRARY_PATH=product.GDAL_LIBRARY_PATH,
    GEOS_LIBRARY_PATH=product.GEOS_LIBRARY_PATH,
    SPATIALITE_LIBRARY_PATH=getattr(product, "SPATIALITE_LIBRARY_PATH", ""),
    ALLOWED_HOSTS=product.ALLOWED_HOSTS,
    SECRET_KEY=product.SECRET_KEY,
    ROOT_URLCONF=__name__,
    USE_TZ=True,
)
django.setup()


class Row(models.Model):
    """A message as the plainest of receivers would keep it."""

    message_id = models.CharField(max_length=150)
    sender = models.CharField(max_length=60)
    text = models.TextField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.message_id


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    posted = request.POST
    Row.objects.create(message_id=posted["MessageSid"], sender=posted["From"], text=posted["Body"])
    return HttpResponse(headers={"Content-Length": "0"}, content_type="text/plain; charset=utf-8")


urlpatterns = [path("", insert)]
application = get_wsgi_application()
