"""Any sequence of edits of a series, against a list of what each occurrence should be."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings, strategies as st

from models.records import Organization
from service.callers import Caller
from service.database import Database
from service.series.materializing import extend
from tests.service.accounts import Client, account
from tests.service.series.calendar_of import at, calendar, day_and_time, everything, visit

COUNT = 5


@dataclass
class Expected:
    """An occurrence as it should be: where its series wants it, where it is, what it is called."""

    want: tuple[int, int]
    at: tuple[int, int]
    title: str
    own_title: bool = False
    cancelled: bool = False


@dataclass
class Model:
    """Series as lists, each in order."""

    series: list[list[Expected]] = field(default_factory=list)

    def visible(self) -> list[tuple[list[Expected], Expected]]:
        found = [(one, each) for one in self.series for each in one if not each.cancelled]
        return sorted(found, key=lambda pair: (pair[1].want, self.series.index(pair[0])))

    def meant(self, one: list[Expected], chosen: Expected, scope: str) -> list[Expected]:
        if scope == "this":
            return [chosen]
        return one[one.index(chosen) :] if scope == "this_and_following" else list(one)

    def part(self, one: list[Expected], chosen: Expected, scope: str) -> list[Expected]:
        """A change of what follows makes a series of it."""
        found = self.meant(one, chosen, scope)
        if scope == "this_and_following" and found != one:
            del one[one.index(chosen) :]
            self.series.append(found)
        return found

    def move(self, one: list[Expected], chosen: Expected, scope: str, day: int, hour: int) -> None:
        if scope == "this" or (day, hour) == chosen.at:
            chosen.at = (day, hour)
            return
        days = day - chosen.at[0]
        clock = hour if hour != chosen.at[1] else chosen.want[1]
        for each in self.part(one, chosen, scope):
            unmoved, each.want = each.at == each.want, (each.want[0] + days, clock)
            if unmoved and not each.cancelled:
                each.at = each.want
        chosen.at = (day, hour)

    def name(self, one: list[Expected], chosen: Expected, scope: str, title: str, said: str) -> str:
        """Change titles; gives what the series of the chosen one says then."""
        if title == chosen.title:
            return said
        if scope == "this":
            chosen.title, chosen.own_title = title, title != said
            return said
        for each in self.part(one, chosen, scope):
            if each is chosen or not (each.own_title or each.cancelled):
                each.title, each.own_title = title, False
        return title

    def delete(self, one: list[Expected], chosen: Expected, scope: str) -> None:
        for each in self.meant(one, chosen, scope):
            if each is chosen or not each.cancelled:
                one.remove(each)

    def cancel(self, one: list[Expected], chosen: Expected, scope: str) -> None:
        for each in self.meant(one, chosen, scope):
            each.cancelled = True


SCOPES = st.sampled_from(("this", "this_and_following", "all"))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(0, 9), SCOPES, st.integers(-1, 2), st.sampled_from((9, 11))),
        st.tuples(st.just("name"), st.integers(0, 9), SCOPES, st.sampled_from("abc")),
        st.tuples(st.just("delete"), st.integers(0, 9), SCOPES),
        st.tuples(st.just("cancel"), st.integers(0, 9), SCOPES),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(rule=st.sampled_from((f"FREQ=DAILY;COUNT={COUNT}", "dates")), steps=STEPS)
def test_edits_agree_with_a_list_of_occurrences(
    app: FastAPI, database: Database, rule: Any, steps: list[tuple[Any, ...]]
) -> None:
    who = account(database)
    client = Client(app, who)
    if rule == "dates":
        rule = {"dates": [at(day)[:10] for day in range(COUNT)]}
    client.made("appointments/", visit(title="a", recurrence_rule=rule))
    model = Model([[Expected((day, 9), (day, 9), "a") for day in range(COUNT)]])
    said = {id(model.series[0]): "a"}
    for step, index, scope, *more in steps:
        there = model.visible()
        if not there:
            break
        one, chosen = there[index % len(there)]
        [key] = [row["id"] for row in everything(client) if is_the(row, chosen)][:1]
        path = f"appointments/{key}/"
        if step == "move":
            target = (chosen.at[0] + more[0], more[1])
            answer = client.patch(f"{path}?scope={scope}", {"start_datetime": at(*target)})
            old_said, parts = said[id(one)], len(model.series)
            model.move(one, chosen, scope, *target)
            if len(model.series) > parts:
                said[id(model.series[-1])] = old_said
        elif step == "name":
            answer = client.patch(f"{path}?scope={scope}", {"title": more[0]})
            parts = len(model.series)
            then = model.name(one, chosen, scope, more[0], said[id(one)])
            said[id(model.series[-1] if len(model.series) > parts else one)] = then
        elif step == "delete":
            answer = client.delete(f"{path}?scope={scope}")
            model.delete(one, chosen, scope)
        else:
            answer = client.post(f"{path}cancel/?scope={scope}")
            model.cancel(one, chosen, scope)
        assert answer.status_code in (200, 204), answer.text
        expected = sorted((f"{each.at[0]} {each.at[1]:02}:00", each.title) for _, each in model.visible())
        assert sorted(calendar(client, "title")) == expected
    with database.session(Caller(who.organization, who.user, "", who.role)) as session:
        assert extend(session, session.get_one(Organization, who.organization)) == 0, steps


def is_the(row: dict[str, Any], chosen: Expected) -> bool:
    """Tell whether a row is an occurrence, by where it is wanted and is, and what it is called."""
    return (
        row["status"] != "cancelled"
        and row["title"] == chosen.title
        and day_and_time(row["original_start"]) == f"{chosen.want[0]} {chosen.want[1]:02}:00"
        and day_and_time(row["start_datetime"]) == f"{chosen.at[0]} {chosen.at[1]:02}:00"
    )
