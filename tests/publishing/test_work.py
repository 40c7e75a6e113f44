import datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from glossary.models import Term
from painsite.roles import StaffRole
from publishing.models import Edition
from publishing.templatetags.work import reviews_due, work_waiting
from tests.factories import TermFactory, UserFactory, publish, staff, submit

pytestmark = pytest.mark.django_db


def asked_by(user: Any) -> Context:
    request = RequestFactory().get("/admin/")
    request.user = user
    return Context({"request": request})


def test_what_can_be_signed_waits_for_its_reviewer_the_oldest_first() -> None:
    newer, older = submit(TermFactory(), "zh-hans"), submit(TermFactory(), "zh-hans")
    moved = Edition(pk=older.pk)
    assert moved.pk
    reviewer = asked_by(staff(StaffRole.MEDICAL_REVIEWER))
    assert work_waiting(reviewer) == [newer, older]
    assert work_waiting(asked_by(staff(StaffRole.PUBLISHER))) == []
    assert work_waiting(asked_by(AnonymousUser())) == []


def test_what_somebody_sent_themselves_does_not_wait_for_them() -> None:
    edition = submit(TermFactory(), "zh-hans")
    edition.author.groups.add(StaffRole.MEDICAL_REVIEWER.group())
    assert work_waiting(asked_by(edition.author)) == []


def test_reviews_that_are_due_wait_for_who_writes_the_language_the_most_urgent_first() -> None:
    today = timezone.localdate()
    later, sooner, far = (
        publish(TermFactory(next_review=today + datetime.timedelta(days=days)), "zh-hans") for days in (30, 10, 300)
    )
    assert reviews_due(asked_by(staff(StaffRole.EDITOR))) == [sooner, later]
    assert reviews_due(asked_by(staff(StaffRole.TRANSLATOR_ZH_HANS))) == [sooner, later]
    assert reviews_due(asked_by(staff(StaffRole.TRANSLATOR_EN))) == []
    assert reviews_due(asked_by(UserFactory())) == []
    assert far.review_due > later.review_due


def test_a_draft_is_linked_by_the_name_of_its_kinds_page() -> None:
    term: Any = TermFactory()
    template = Template("{% load work %}{% url term|admin_change_url term.pk %}")
    assert template.render(Context({"term": term})) == f"/admin/glossary/term/{Term.objects.get().pk}/change/"
