from django.apps import AppConfig, apps
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.db.models.signals import post_migrate


class PainsiteConfig(AppConfig):
    name = "painsite"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the deployment checks)
        from .roles import sync_groups

        # This app has no models, and only an app that has some is told of a migration.
        post_migrate.connect(sync_groups, sender=apps.get_app_config("publishing"), dispatch_uid="painsite.roles")


class StaticFiles(StaticFilesConfig):
    # Of jQuery UI only the script is used; its style sheets name pictures that the package does not have.
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "jquery-ui*.css", "themes"]
