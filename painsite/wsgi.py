import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "painsite.settings")

application = get_wsgi_application()

from search import indexing  # noqa: E402  # once there are applications

indexing.begin()
