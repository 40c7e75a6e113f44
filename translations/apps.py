from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TranslationsConfig(AppConfig):
    name = "translations"
    verbose_name = _("Translations")

    def ready(self) -> None:
        from . import findings, following  # noqa: F401  (findings registers its checks)

        following.connect()
        post_migrate.connect(following.catch_up, sender=self, dispatch_uid="translations.following.catch_up")
