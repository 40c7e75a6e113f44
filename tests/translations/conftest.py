from typing import Any

import pytest

from painsite.roles import StaffRole
from tests.factories import staff


@pytest.fixture
def translator() -> Any:
    return staff(StaffRole.TRANSLATOR_EN)


@pytest.fixture
def reviewer() -> Any:
    return staff(StaffRole.LANGUAGE_REVIEWER_EN)
