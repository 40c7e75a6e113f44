"""A file that somebody sends in the admin: it is looked at first, and waits until that is confirmed."""

import base64
import zlib
from typing import Any

from django import forms
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from .faults import MAX_BYTES, too_large

WAITS_FOR = 60 * 60  # seconds


class UploadField(forms.FileField):
    def __init__(self, *, accept: str, **kwargs: Any) -> None:
        widget = forms.ClearableFileInput(attrs={"accept": accept})
        super().__init__(label=gettext_lazy("File"), max_length=200, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file.size > MAX_BYTES:
            reason = too_large(MAX_BYTES)
            raise forms.ValidationError(reason)
        return file


# It waits in a session of its own, which every server of the site can read and which goes by itself. ------------------


def keep(request: HttpRequest, waiting: str, name: str, content: bytes, fingerprint: str) -> str:
    """The key by which it is confirmed. `waiting`: what kind of import it is; a person has one file of each."""
    forget(request, waiting)
    store = SessionStore()
    store.set_expiry(WAITS_FOR)
    store["file"] = [name, base64.b64encode(zlib.compress(content)).decode(), fingerprint]
    store.create()
    request.session[waiting] = store.session_key
    return str(store.session_key)


def take(request: HttpRequest, waiting: str) -> tuple[str, bytes, str] | None:
    """The file that was looked at last, once; `None` if it is another than the one confirmed."""
    key = request.session.get(waiting)
    store = SessionStore(key)
    kept = store.get("file") if key and key == request.POST.get("confirm") else None
    if kept is None:
        return None
    forget(request, waiting)
    name, packed, fingerprint = kept
    return name, zlib.decompress(base64.b64decode(packed)), fingerprint


def forget(request: HttpRequest, waiting: str) -> None:
    if key := request.session.pop(waiting, None):
        SessionStore(key).delete()
