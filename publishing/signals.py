"""News of publication, for the apps above: they listen, so that publishing need not know them."""

from typing import Any

from django.db.models import F, ProtectedError
from django.db.models.signals import pre_delete, pre_save
from django.dispatch import Signal
from django.utils.translation import gettext as _

# Sent inside the transaction, with `edition`: a receiver that fails undoes the act.
edition_submitted = Signal()
edition_signed = Signal()
edition_published = Signal()
edition_withdrawn = Signal()


def refuse_deletion_of_record(sender: type, instance: Any, **kwargs: Any) -> None:
    """A document that was ever sent for review stays, so that what patients could read can always be told.

    A signal and not `delete()`, which a queryset never calls.
    """
    from .models import Document, Edition, Event, SignOff

    if isinstance(instance, Edition | SignOff | Event):
        raise ProtectedError(_("An edition is a record and is never deleted. Withdraw it instead."), {instance})
    if isinstance(instance, Document) and (editions := list(Edition.objects.of(instance).defer("content")[:1])):
        raise ProtectedError(
            _("This has editions, which are a record. Withdraw it instead of deleting it."), {*editions}
        )


def keep_version(sender: type, instance: Any, raw: bool, using: str, **kwargs: Any) -> None:
    """A draft that is read from a revision or a file brings its old version along; the one in the database stays.

    So a version never comes twice, and who brings an earlier draft back has to have seen the newest one.
    """
    from .models import Document

    if raw and isinstance(instance, Document):
        rows = type(instance)._base_manager.using(using).filter(pk=instance.pk)
        if rows.exists():
            instance.version = F("version")  # the row's own, whatever it is by then


def connect() -> None:
    pre_save.connect(keep_version, dispatch_uid="publishing.keep_version")
    pre_delete.connect(refuse_deletion_of_record, dispatch_uid="publishing.refuse_deletion_of_record")
