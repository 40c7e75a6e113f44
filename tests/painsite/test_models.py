import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from painsite.models import SiteProfile


@pytest.mark.parametrize("number", ["120", "010-1234 5678", "+86 10 1234 5678", "(010) 12345678", "400-100-2000"])
def test_a_number_that_can_be_called_is_taken(number: str) -> None:
    SiteProfile(telephone=number, emergency_number=number).clean_fields()


@pytest.mark.parametrize(
    "number", ["1", "call us", "010-1234\n5678", "javascript:alert(1)", "120<b>", "１２０", "12345;", "1" * 41]
)
def test_another_is_refused(number: str) -> None:
    with pytest.raises(ValidationError) as refused:
        SiteProfile(telephone=number).clean_fields()
    assert list(refused.value.message_dict) == ["telephone"]


def test_a_number_is_called_without_what_only_people_read() -> None:
    profile = SiteProfile(telephone="+86 (10) 1234-5678")
    assert (profile.telephone_uri, profile.emergency_uri) == ("tel:+861012345678", "tel:120")


@pytest.mark.django_db
def test_there_is_one_row_and_the_database_holds_that() -> None:
    SiteProfile(hospital_en="A").save()
    SiteProfile(hospital_en="B").save()
    assert list(SiteProfile.objects.values_list("pk", "hospital_en")) == [(1, "B")]
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteProfile.objects.bulk_create([SiteProfile(pk=2)])


def test_it_says_something_only_in_the_language_it_is_written_in() -> None:
    profile = SiteProfile(department_en="Pain clinic")
    with translation.override("en"):
        assert profile.says_anything
    with translation.override("zh-hans"):
        assert not profile.says_anything
