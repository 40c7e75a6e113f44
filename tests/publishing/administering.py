"""The admin's pages of drafts and editions: where they are, what a list says, and hundreds for it to say it of."""

from typing import Any

import lxml.html
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from painsite.roles import StaffRole
from publishing import snapshot
from publishing.models import Edition
from publishing.workflow import Act
from tests.factories import ArticleFactory, WarningFactory, staff

MANY_QUERIES = 20
MANY = 500


def again(document: Any) -> Any:
    """The same from the database."""
    return type(document)._base_manager.get(pk=document.pk)


def change(document: Any, **fields: Any) -> Any:
    """As of now, saved."""
    document = again(document)
    for name, value in fields.items():
        setattr(document, name, value)
    document.save()
    return document


def url_of(name: str, *args: Any) -> str:
    return reverse(f"admin:publishing_{name}", args=args)


def change_url(document: Any) -> str:
    return reverse(f"admin:{document._meta.app_label}_{document._meta.model_name}_change", args=[document.pk])


def submit_url(document: Any, language: str) -> str:
    name = f"admin:{document._meta.app_label}_{document._meta.model_name}_submit"
    return reverse(name, args=[document.pk, language])


def edition_url(edition: Edition) -> str:
    return reverse("admin:publishing_edition_change", args=[edition.pk])


def act_url(edition: Edition, act: Act) -> str:
    return reverse("admin:publishing_edition_act", args=[edition.pk, act])


def full_article(**fields: Any) -> Any:
    article = ArticleFactory(**fields)
    WarningFactory(article=article)
    return article


def column(page: Any, heading: str) -> dict[str, str]:
    """The text of one column by the first, which names the row."""
    table = lxml.html.fromstring(page.content.decode()).get_element_by_id("result_list")
    headings = [cell.text_content().strip() for cell in table.xpath("./thead/tr/th")]
    place = headings.index(heading)
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in table.xpath("./tbody/tr")]
    return {next(cell for cell in row if cell): row[place] for row in rows}


def many(factory: Any, **shared: Any) -> None:
    """Five hundred documents, the first fifty with relations, each language of all of them in review."""
    model = factory._meta.model
    model.objects.bulk_create(factory.build(**shared) for _ in range(MANY))
    documents = list(model.objects.all())
    snapshot.prefetch(documents)
    kind, author = ContentType.objects.get_for_model(model), staff(StaffRole.EDITOR)
    editions = []
    for document in documents:
        for language in ("zh-hans", "en"):
            content = snapshot.freeze(document, language)
            editions.append(
                Edition(
                    content_type=kind,
                    object_id=document.pk,
                    language=language,
                    number=1,
                    slug=document.slug,
                    title=content[document.snapshot.title],
                    content=content,
                    digest=snapshot.digest(content),
                    author=author,
                    review_due=document.next_review,
                )
            )
    Edition.objects.bulk_create(editions)
