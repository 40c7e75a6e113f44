from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PainsiteConfig(AppConfig):
    name = "painsite"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the deployment checks)
        from .roles import sync_groups

        post_migrate.connect(sync_groups, sender=self, dispatch_uid="painsite.roles")
