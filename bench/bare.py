"""What intake is compared with by bench/intake.py: Django under gunicorn, one address, one row.

Nothing of the product but its DATABASES (the same engine, connections kept as long, commits as durable). No
middleware, no signature, no transaction but the one that an INSERT is by itself.
"""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import path

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


from bench.row import insert  # noqa: E402  (its model needs the settings)

urlpatterns = [path("bench/", insert)]
application = get_wsgi_application()
