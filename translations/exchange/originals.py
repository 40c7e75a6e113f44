"""How a file names a document: by its kind and its address, as `article/what-is-pain`."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType

from translations import following
from translations.models import Translation


def names(translations: Iterable[Translation]) -> dict[int, str]:
    """By key, kind and address of the document; without those whose draft is gone."""
    kinds: dict[int, list[Translation]] = defaultdict(list)
    for translation in translations:
        kinds[translation.content_type_id].append(translation)
    names = {}
    for own in kinds.values():
        model = own[0].model
        slugs = dict(model._default_manager.filter(pk__in=[one.object_id for one in own]).values_list("pk", "slug"))
        for one in own:
            if one.object_id in slugs:
                names[one.pk] = f"{model._meta.model_name}/{slugs[one.object_id]}"
    return names


def documents(names: Iterable[str]) -> dict[str, tuple[ContentType, int]]:
    """By kind and address, kind and key of what there is."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for name in names:
        kind, _slash, slug = name.partition("/")
        by_kind[kind].add(slug)
    found = {}
    for model in following.documents():
        kind = str(model._meta.model_name)
        slugs = sorted(by_kind.get(kind, ()))
        for start in range(0, len(slugs), 500):
            own = model._default_manager.filter(slug__in=slugs[start : start + 500])
            for key, slug in own.values_list("pk", "slug"):
                found[f"{kind}/{slug}"] = ContentType.objects.get_for_model(model), key
    return found
