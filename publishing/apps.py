from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("Publication")

    def ready(self) -> None:
        from . import findings, guards, signals  # noqa: F401  (findings registers its checks)

        pre_migrate.connect(guards.lift, sender=self, dispatch_uid="publishing.guards.lift")
        post_migrate.connect(guards.install, sender=self, dispatch_uid="publishing.guards")
        signals.connect()
