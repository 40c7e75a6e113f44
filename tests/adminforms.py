"""What a browser would send back from a page of the admin."""

from collections.abc import Mapping
from typing import Any

import lxml.html
from django.test import Client

from painsite.roles import StaffRole

from .factories import staff

ENGLISH = {"accept-language": "en"}


def client_of(user: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def client_as(role: StaffRole, language: str = "en") -> Client:
    return client_of(staff(role), language)


def filled_in(page: Any) -> dict[str, Any]:
    """The values of the page's main form, without what is disabled."""
    values: dict[str, Any] = {}
    for element in _main_form(page).iter("input", "select", "textarea"):
        is_unchecked = element.get("type") in {"checkbox", "radio"} and "checked" not in element.attrib
        is_button = element.get("type") in {"submit", "button"}
        if not element.get("name") or "disabled" in element.attrib or is_unchecked or is_button:
            continue
        if element.tag == "select":
            values[element.get("name")] = [o.get("value") for o in element.iter("option") if "selected" in o.attrib]
        else:
            values[element.get("name")] = _value(element)
    return values


def with_row(data: dict[str, Any], prefix: str, **values: Any) -> dict[str, Any]:
    """The form with one part more, made from the empty one as the browser makes it."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    template = f"{prefix}-__prefix__-"
    row = {name.removeprefix(template): value for name, value in data.items() if name.startswith(template)} | values
    added = {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return {**data, **added, f"{prefix}-TOTAL_FORMS": str(number + 1)}


def shown(page: Any) -> Mapping[str, Any]:
    """All values that the main form shows, disabled or not."""
    fields = _main_form(page).iter("input", "textarea")
    return {element.get("name"): _value(element) for element in fields if element.get("name")}


def text(page: Any) -> str:
    """The words of the page, each blank or line break a single blank."""
    return " ".join(lxml.html.fromstring(page.content.decode()).text_content().split())


def _value(element: Any) -> str:
    if element.tag == "textarea":
        # The first line break after it is markup, as a browser knows and lxml does not.
        return (element.text or "").removeprefix("\n")
    return element.get("value", "on" if element.get("type") in {"checkbox", "radio"} else "")


def _main_form(page: Any) -> Any:
    return lxml.html.fromstring(page.content.decode()).xpath("//div[@id='content']//form[@method='post']")[0]
