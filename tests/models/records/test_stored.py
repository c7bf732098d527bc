import pytest

from models.records import Appointment, Base, Record, Team, User
from models.records.fields import Access
from models.records.requirements import Requirements
from models.records.stored import stored_fields

RECORDS = sorted(
    (each.class_ for each in Base.registry.mappers if issubclass(each.class_, Record)), key=lambda each: each.__name__
)


def test_references_and_links_lose_their_id_in_the_api() -> None:
    fields = stored_fields(Appointment)
    assert (fields["assigned_team"].attribute, fields["assigned_team"].target) == ("assigned_team_id", "teams")
    assert (fields["assigned_users"].attribute, fields["assigned_users"].target) == ("assigned_user_ids", "users")
    assert fields["external_id"].target is None


def test_required_is_what_has_neither_a_default_nor_none() -> None:
    assert [field.name for field in stored_fields(Team).values() if field.access is Access.OPEN and field.required] == [
        "name"
    ]


def test_password_is_hidden() -> None:
    assert stored_fields(User)["password_hash"].access is Access.HIDDEN


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: str(record.__name__))
def test_every_filter_has_an_index(record: type[Record]) -> None:
    indexed = [
        [column.name for column in index.columns] for index in Base.metadata.tables[record.__tablename__].indexes
    ]
    led = {names[1] if names[0] == "organization_id" and len(names) > 1 else names[0] for names in indexed}
    assert led >= set(record.FILTERS)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: str(record.__name__))
def test_filters_and_searches_name_fields(record: type[Record]) -> None:
    attributes = {field.attribute for field in stored_fields(record).values()}
    assert attributes.issuperset(record.FILTERS)
    assert attributes.issuperset(record.SEARCHED)


def test_requirements_take_numbers_for_ids() -> None:
    read = Requirements.model_validate(
        {
            "team": {"any_of": [3, "4"]},
            "users": {"allowed": [1], "preferred": ["2"]},
            "resources": [{"resource": 5}, {"resource_type": "room"}],
            "after": [{"appointment": 6}],
        }
    )
    assert list(read.references()) == [
        ("team.any_of[0]", "teams", "3"),
        ("team.any_of[1]", "teams", "4"),
        ("users.allowed[0]", "users", "1"),
        ("users.preferred[0]", "users", "2"),
        ("resources[0].resource", "resources", "5"),
        ("after[0].appointment", "appointments", "6"),
    ]
