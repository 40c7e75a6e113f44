"""Deleting and bringing back a draft that somebody saves meanwhile; what is brought back is never live."""

import json
from typing import Any

import pytest
import reversion
from django.core import serializers
from django.db.models.signals import post_save, pre_delete, pre_save
from django.urls import reverse
from reversion.models import Version

from articles.models import Article
from painsite.roles import StaffRole
from publishing.admin.saving import SavingAdmin
from publishing.models import Edition
from tests.adminforms import client_as, client_of, filled_in, text
from tests.factories import (
    ArticleFactory,
    TermFactory,
    TopicFactory,
    UserFactory,
    WarningFactory,
    publish_all,
)
from tests.publishing.drafting import (
    Person,
    add_warning,
    delete,
    fresh,
    headings,
    parts,
    saved,
)

pytestmark = pytest.mark.django_db


def test_a_draft_that_was_saved_after_the_question_is_not_deleted() -> None:
    article = ArticleFactory()
    client = client_as(StaffRole.EDITOR)
    url = reverse("admin:articles_article_delete", args=[article.pk])
    form = filled_in(client.get(url))
    saved(Person(article), title_en="Just saved")

    page = client.post(url, form)

    assert "was saved by somebody after you were asked" in text(page)
    assert fresh(article).title_en == "Just saved"
    assert client.post(url, filled_in(client.get(url))).status_code == 302
    assert not Article.objects.exists()


@pytest.mark.parametrize("form", [{}, {"post": "yes"}])
def test_a_deletion_that_does_not_say_what_it_saw_deletes_nothing(form: dict[str, str]) -> None:
    article = ArticleFactory()
    url = reverse("admin:articles_article_delete", args=[article.pk])
    client_as(StaffRole.EDITOR).post(url, form)
    assert Article.objects.exists()


def test_drafts_deleted_together_are_kept_if_one_was_saved_after_the_question() -> None:
    articles = ArticleFactory.create_batch(3)
    client = client_as(StaffRole.EDITOR)
    url = reverse("admin:articles_article_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [article.pk for article in articles]}

    def answer(page: Any) -> Any:
        return client.post(url, {**filled_in(page), **chosen})

    asked = client.post(url, chosen)
    saved(Person(articles[1]), title_en="Just saved")
    page = answer(asked)
    assert "Just saved: was saved by somebody after you were asked" in text(page)
    assert Article.objects.count() == 3
    assert answer(client.post(url, chosen)).status_code == 302
    assert not Article.objects.exists()


# Earlier drafts -------------------------------------------------------------------------------------------------------


def revision_url(article: Any, number: int = 0) -> str:
    version = Version.objects.get_for_object(article).order_by("pk")[number]
    return reverse("admin:articles_article_revision", args=[article.pk, version.pk])


def twice_saved() -> Any:
    """An article whose first revision has one warning, and whose second has another one and another title."""
    article = ArticleFactory(title_en="First")
    WarningFactory(article=article, heading_en="Old")
    person = Person(article)
    saved(person)
    person = Person(article)
    saved(person, title_en="Second", **{**add_warning(person, "New", 1), "warnings_0__DELETE": "on"})
    assert headings(article) == ["New"]
    return article


def test_an_earlier_draft_is_one_more_change_of_the_newest() -> None:
    article = twice_saved()
    before = fresh(article).version
    client = client_as(StaffRole.EDITOR)
    page = client.get(revision_url(article))
    assert "This is an earlier draft." in text(page)
    assert filled_in(page)["version"] == str(before)

    assert client.post(revision_url(article), filled_in(page)).status_code == 302

    now = fresh(article)
    assert (now.title_en, now.version, headings(now)) == ("First", before + 1, ["Old"])
    assert Version.objects.get_for_object(article).count() == 3


def test_looking_at_an_earlier_draft_changes_nothing() -> None:
    article = twice_saved()
    before = Article.objects.filter(pk=article.pk).values().get()
    client_as(StaffRole.EDITOR).get(revision_url(article))
    assert Article.objects.filter(pk=article.pk).values().get() == before
    assert headings(article) == ["New"]
    assert Version.objects.get_for_object(article).count() == 2


def test_an_earlier_draft_does_not_go_over_a_newer_save() -> None:
    article = twice_saved()
    client = client_as(StaffRole.EDITOR)
    form = filled_in(client.get(revision_url(article)))
    other = Person(article)
    saved(other, title_en="Third", summary_en="Third's.", warnings_0__text_en="Third's")

    page = client.post(revision_url(article), form)

    assert page.status_code == 409
    assert (fresh(article).title_en, headings(article)) == ("Third", ["New"])
    assert parts(page)["title_en"] == ("Title", "en", True)
    assert parts(page)["warnings-0-DELETE"] == ("Warning 1", "", True)
    assert [(label, code) for label, code, _text in page.context["adopted"]] == [("Key message", "en")]
    response = client.post(page.context["action"], filled_in(page))
    assert response.status_code == 302
    now = fresh(article)
    assert (now.title_en, now.summary_en, headings(now)) == ("First", "Third's.", ["Old"])


def test_a_deleted_draft_is_recovered_once() -> None:
    article = twice_saved()
    delete(article)
    version = Version.objects.get_deleted(Article).get()
    url = reverse("admin:articles_article_recover", args=[version.pk])
    clients = [client_as(StaffRole.EDITOR), client_of(UserFactory(roles=[StaffRole.EDITOR]))]
    forms = [filled_in(client.get(url)) for client in clients]
    assert not Article.objects.exists()

    assert clients[0].post(url, forms[0]).status_code == 302
    page = clients[1].post(url, {**forms[1], "title_en": "Second recovery"})

    assert page.status_code == 409
    assert parts(page) == {"title_en": ("Title", "en", False)}
    assert (fresh(article).title_en, headings(article)) == ("Second", ["New"])
    assert clients[1].post(page.context["action"], filled_in(page)).status_code == 302
    assert fresh(article).title_en == "Second recovery"


def test_what_cannot_be_brought_back_says_why_and_changes_nothing() -> None:
    article = twice_saved()
    delete(article)
    ArticleFactory(slug=article.slug)
    client = client_as(StaffRole.EDITOR)
    version = Version.objects.get_deleted(Article).get()
    url = reverse("admin:articles_article_recover", args=[version.pk])
    for response in (client.get(url, follow=True), client.post(url, {}, follow=True)):
        assert "cannot be brought back: its address is taken" in text(response)
    assert Article.objects.count() == 1


def test_a_draft_that_named_what_is_gone_comes_back_or_says_why() -> None:
    topic = TopicFactory()
    article = ArticleFactory(topics=[topic])
    saved(Person(article))
    saved(Person(article), topics=[])
    delete(topic)
    client = client_as(StaffRole.EDITOR)
    page = client.get(revision_url(article))
    assert page.status_code == 200
    response = client.post(revision_url(article), filled_in(page), follow=True)
    assert response.status_code == 200
    assert list(fresh(article).topics.all()) == []


def test_one_draft_of_a_revision_of_many_comes_back_alone() -> None:
    terms: list[Any] = TermFactory.create_batch(2)
    with reversion.create_revision():
        for term in terms:
            term.name_en = f"imported {term.pk}"
            term.save()
    for term in terms:
        saved(Person(term), name_en=f"newer {term.pk}")
    imported = Version.objects.get_for_object(terms[0]).earliest("pk")
    url = reverse("admin:glossary_term_revision", args=[terms[0].pk, imported.pk])
    client = client_as(StaffRole.EDITOR)

    assert client.post(url, filled_in(client.get(url))).status_code == 302

    assert [fresh(term).name_en for term in terms] == [f"imported {terms[0].pk}", f"newer {terms[1].pk}"]
    assert [fresh(term).version for term in terms] == [3, 2]


def test_the_history_of_an_article_does_not_bring_back_a_term_of_the_same_number() -> None:
    article = twice_saved()
    term: Any = TermFactory(pk=article.pk)
    saved(Person(term))
    version = Version.objects.get_for_object(term).get()
    url = reverse("admin:articles_article_revision", args=[article.pk, version.pk])
    client = client_as(StaffRole.EDITOR)
    form = filled_in(client.get(revision_url(article)))
    assert client.get(url).status_code == 404
    response = client.post(url, form)
    assert (response.status_code, fresh(term).version) == (404, 1)


def test_what_is_brought_back_never_changes_what_is_live() -> None:
    article = twice_saved()
    publish_all(article)
    editions = list(Edition.objects.order_by("pk").values_list("state", "digest", "live_from", "live_until"))
    client = client_as(StaffRole.EDITOR)
    client.post(revision_url(article), filled_in(client.get(revision_url(article))))
    assert fresh(article).title_en == "First"
    assert list(Edition.objects.order_by("pk").values_list("state", "digest", "live_from", "live_until")) == editions


def test_looking_at_an_earlier_draft_leaves_the_signals_of_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    article = twice_saved()
    heard = []
    original = SavingAdmin.changeform_view

    def listen(*args: Any, **kwargs: Any) -> Any:
        heard.append([bool(signal.receivers) for signal in (pre_save, post_save, pre_delete)])
        return original(*args, **kwargs)

    monkeypatch.setattr(SavingAdmin, "changeform_view", listen)
    client_as(StaffRole.EDITOR).get(revision_url(article))
    assert heard == [[True, True, True]]


def test_a_row_read_from_a_file_does_not_turn_the_version_back() -> None:
    article: Any = ArticleFactory()
    old = serializers.serialize("json", [article])
    for title in ("Second", "Third"):
        article.title_en = title
        article.save()
    for item in serializers.deserialize("json", old):
        item.save()
    assert (fresh(article).version, fresh(article).title_en) == (2, json.loads(old)[0]["fields"]["title_en"])
    Article.objects.all().delete()
    for item in serializers.deserialize("json", old):
        item.save()
    assert fresh(article).version == 0
