"""The view of bench/bare.py as one more address of the product: behind all that its pages stand behind.

So what the bench says of the two together tells apart what receiving costs and what the house costs.
"""

import django
from django.core.wsgi import get_wsgi_application
from django.urls import path

from impact import settings as product

product.PRIVATE_VIEWS.append("bench.row")  # it may write
django.setup()

from bench.row import insert  # noqa: E402  (its model needs the settings)
from impact import urls  # noqa: E402

urls.urlpatterns.insert(0, path("bench/", insert))
application = get_wsgi_application()
