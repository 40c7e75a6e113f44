from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Articles and facts")

    def ready(self) -> None:
        from . import findings  # noqa: F401  (registers its checks)
