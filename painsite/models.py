"""What the site says of the department itself: see docs/decisions/0011-the-departments-own-words.md."""

import re

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

validate_number = RegexValidator(
    r"\A\+?\(?[0-9](?:[ ()-]{0,2}[0-9]){1,19}\Z",
    _("Use digits, with spaces, hyphens and brackets between them, for example “010-1234 5678”."),
)


class SiteProfile(models.Model):
    """The department as every page names it: one row, or none yet."""

    hospital = models.CharField(_("hospital"), max_length=120, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    address = models.CharField(_("where it is"), max_length=300, blank=True)
    opening_hours = models.TextField(_("opening hours"), max_length=500, blank=True)
    licence = models.TextField(
        _("licence line"),
        max_length=500,
        blank=True,
        help_text=_("The hospital's practice licence and the site's filing number, as the law wants them shown."),
    )
    telephone = models.CharField(_("telephone"), max_length=40, blank=True, validators=[validate_number])
    emergency_number = models.CharField(
        _("emergency number"), max_length=20, default="120", validators=[validate_number]
    )

    class Meta:
        verbose_name = _("site profile")
        verbose_name_plural = _("site profile")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="siteprofile_one_row")]

    def __str__(self) -> str:
        return self.hospital or str(self._meta.verbose_name)

    def save(self, *args: object, **kwargs: object) -> None:
        self.pk = 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def telephone_uri(self) -> str:
        return uri(self.telephone)

    @property
    def emergency_uri(self) -> str:
        return uri(self.emergency_number)

    @property
    def says_anything(self) -> bool:
        """In the active language, besides the emergency number."""
        return any((self.hospital, self.department, self.address, self.opening_hours, self.telephone))


def uri(number: str) -> str:
    return "tel:" + re.sub("[^0-9+]", "", number)
