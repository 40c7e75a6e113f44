from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PainsiteConfig(AppConfig):
    name = "painsite"
    verbose_name = _("The site")

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the deployment checks)
        from .roles import sync_groups

        post_migrate.connect(sync_groups, sender=self, dispatch_uid="painsite.roles")


class StaticFiles(StaticFilesConfig):
    # Of jQuery UI only the script is used; its style sheets name pictures that the package does not have.
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "jquery-ui*.css", "themes"]
