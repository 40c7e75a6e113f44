"""The interface for programs, the Infobutton address with it, against its own description: whatever is sent, right or
wrong, is answered as the document says, and never by a server error.
"""

from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis.generation import GenerationMode

from publishing.models import Edition
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
    TermCodeFactory,
    TermFactory,
    TopicCodeFactory,
    TopicFactory,
    publish,
    publish_all,
    withdraw,
)

EXAMPLES = 25
OPERATIONS = {
    "/{language}/articles", "/{language}/articles/{slug}", "/{language}/facts", "/{language}/facts/{slug}",
    "/{language}/terms", "/{language}/terms/{slug}", "/{language}/topics", "/{language}/topics/{slug}",
    "/{language}/department", "/infobutton",
}  # fmt: skip


class InOneTransaction(WSGIHandler):
    """Keeps the test's connection open between requests, as Django's own test client does."""

    def __call__(self, *args: Any) -> Any:
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        try:
            response: Any = super().__call__(*args)
            response.close()  # which sends the second signal
            return [response.content]
        finally:
            for signal in (request_started, request_finished):
                signal.connect(close_old_connections)


@pytest.fixture
def document(db: None) -> Any:
    """With something of everything behind it."""
    topic, term = TopicFactory(slug="a"), TermFactory(slug="a")
    TopicCodeFactory(topic=topic, code="M54.5")
    TermCodeFactory(term=term, code="M54.5")
    comparison: Any = ComparisonFactory(first=term)
    fact = MisconceptionFactory(slug="a", topics=[topic], terms=[term])
    article = ArticleFactory(slug="a", topics=[topic], misconceptions=[fact], comparisons=[comparison])
    publish_all(topic, term, comparison.second, comparison, fact, article)
    withdraw(publish(ArticleFactory(slug="0"), "zh-hans"))
    assert Edition.objects.live().count() == 12
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", InOneTransaction())


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.name.lower())
def test_what_is_answered_is_what_the_description_says(document: Any, mode: GenerationMode) -> None:
    operations = [result.ok() for result in document.get_all_operations()]
    assert {operation.path.removeprefix("/api/v1") for operation in operations} == OPERATIONS
    for operation in operations:

        @hypothesis.settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(operation.as_strategy(generation_mode=mode))
        def answer(case: Any) -> None:
            case.call_and_validate()

        answer()
