from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any

import pytest
from sqlalchemy import String, Text, func, select

from models.enums import RuleType
from models.people import Availability
from models.records import Location, Organization, Resource, ScheduleRule, ScheduleTemplate
from models.records.fields import Name, Prose
from models.records.sql_types import ExactDecimal, JsonOf, UtcDateTime, column_type
from models.rules import Recurrence
from service.database import Database


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        pytest.param(datetime | None, UtcDateTime, id="instant"),
        pytest.param(Decimal, ExactDecimal, id="decimal"),
        pytest.param(Name, String, id="short text"),
        pytest.param(Prose, Text, id="long text"),
        pytest.param(Availability | None, JsonOf, id="model"),
        pytest.param(Annotated[tuple[int, ...], "any"], JsonOf, id="list"),
        pytest.param(str | Recurrence, JsonOf, id="union"),
    ],
)
def test_column_type_follows_from_the_annotation(annotation: Any, expected: type[object]) -> None:
    assert type(column_type(annotation)) is expected


def test_short_text_has_its_length() -> None:
    kind = column_type(Name)
    assert isinstance(kind, String)
    assert kind.length == 200


def _stored(database: Database, *records: Any) -> Any:
    with database.everywhere() as session:
        organization = Organization(name="A")
        session.add(organization)
        session.flush()
        for record in records:
            record.organization_id = organization.id
            session.add(record)
        session.commit()
        key = records[-1].id
    with database.everywhere(writes=False) as session:
        return session.get(type(records[-1]), key)


def test_values_come_back_as_they_were(database: Database) -> None:
    due = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=-8)))
    hours: Any = {"monday": [{"start": time(9), "end": time(17)}]}
    read = _stored(
        database,
        Resource(
            name="Räume",
            hourly_rate=Decimal("12.345678"),
            daily_rate=Decimal(300),
            next_maintenance=due,
            availability_schedule=hours,
            documents=[{"a": [1, None]}],
        ),
    )
    assert read.hourly_rate == Decimal("12.345678")
    assert str(read.daily_rate) == "300"
    assert read.next_maintenance == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert read.next_maintenance.utcoffset() == timedelta(0)
    assert read.availability_schedule["monday"][0].end == time(17)
    assert read.documents == [{"a": [1, None]}]
    assert read.last_maintenance is None


def test_recurrence_comes_back_as_text_or_as_an_object(database: Database) -> None:
    text = _stored(database, ScheduleRule(name="a", rule_type=RuleType.HOLIDAY, recurrence_rule="FREQ=WEEKLY;BYDAY=MO"))
    assert text.recurrence_rule == "FREQ=WEEKLY;BYDAY=MO"
    recurrence = Recurrence.model_validate({"frequency": "weekly", "days": [1]})
    read = _stored(database, ScheduleRule(name="a", rule_type=RuleType.HOLIDAY, recurrence_rule=recurrence))
    assert read.recurrence_rule == recurrence


def test_dates_in_lists_come_back_as_dates(database: Database) -> None:
    template = ScheduleTemplate(name="a", start_time=time(9), end_time=time(10), recurrence_dates=(date(2026, 12, 24),))
    assert _stored(database, template).recurrence_dates == (date(2026, 12, 24),)


def test_decimals_are_summed_and_compared_by_the_database(database: Database) -> None:
    cheap = Resource(name="a", hourly_rate=Decimal("0.1"))
    _stored(database, cheap, Resource(name="b", hourly_rate=Decimal("0.2")))
    with database.everywhere(writes=False) as session:
        assert session.scalar(select(func.sum(Resource.hourly_rate))) == Decimal("0.3")
        dear = select(Resource.name).where(Resource.hourly_rate > Decimal("0.15"))
        assert session.scalars(dear).all() == ["b"]


def test_naive_time_is_refused(database: Database) -> None:
    with database.everywhere() as session:
        session.add(Organization(name="A", created_at=datetime(2026, 1, 1)))
        with pytest.raises(Exception, match="has no offset"):
            session.flush()


def test_search_folds_letters_beyond_ascii(database: Database) -> None:
    _stored(database, Location(name="ÜBER", latitude=0.0, longitude=0.0))
    with database.everywhere(writes=False) as session:
        assert session.scalar(select(Location.id).where(Location.name.icontains("über"))) is not None
