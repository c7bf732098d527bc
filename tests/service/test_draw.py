import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any

import pytest

from models.errors import InvalidPlan
from models.plan import Plan
from models.problem import Problem
from service.draw import FORMATS, Selection, draw
from service.draw.build import build
from service.draw.canvas import Canvas, Group, Rect, Text
from service.draw.panel import LABEL_WIDTH
from service.draw.poster import draw_poster
from service.draw.rows import By
from service.draw.text import width_of
from service.draw.timeline import Timeline
from tests.factories import Json, appointment, at, problem, span, user
from tests.service.week import placed, plan, week

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<script>alert(1)</script>",
    "]]> & \" ' <b>",
    "x" * 500,
    "emoji \U0001f9f9 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "עברית \u202e right to left",
    "math $\\frac{1}{0}$",
    "line\nbreak\x00\x1b[31m\ufffe",
]


def timeline(problem_json: Json, plan_json: Json, by: By = "user") -> Timeline:
    return build(Problem.parse(problem_json), Plan.parse(plan_json), Selection(by), {})


def poster(problem_json: Json, plan_json: Json, by: By = "user") -> Canvas:
    return draw_poster(timeline(problem_json, plan_json, by))


def picture(form: str, problem_json: Json, plan_json: Json, **selection: Any) -> str:
    parsed = Problem.parse(problem_json), Plan.parse(plan_json)
    return draw(*parsed, Selection(**selection), form, {}).decode()


def keys(canvas: Canvas, kind: str) -> list[str]:
    return sorted(item.key for item in canvas.items if isinstance(item, Group) and item.kind == kind)


def groups(canvas: Canvas, kind: str) -> list[Group]:
    return [item for item in canvas.items if isinstance(item, Group) and item.kind == kind]


def words(canvas: Canvas) -> list[str]:
    return [shape.content for shape in canvas.shapes() if isinstance(shape, Text)]


class Page(HTMLParser):
    """Counts the tags of a page and collects its text."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.bars: list[str | None] = []
        self.text = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        fields = dict(attrs)
        if tag == "g" and fields.get("class") == "bar":
            self.bars.append(fields["data-id"])

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_assignment_has_a_bar_in_the_row_of_each_of_its_users() -> None:
    assert keys(poster(week(), plan()), "bar") == ["fixed", "hall", "hall", "pair", "pair", "solo"]


def test_rows_by_team_hold_what_has_a_team() -> None:
    drawn = poster(week(), plan(), "team")
    assert keys(drawn, "bar") == ["hall"]
    assert "3 appointments without a team not shown." in words(drawn)


def test_rows_by_resource_hold_what_takes_one() -> None:
    drawn = poster(week(), plan(), "resource")
    assert keys(drawn, "bar") == ["hall"]
    assert "Van" in words(drawn)


def test_two_people_see_each_other_in_the_label() -> None:
    assert {"with Bo · Deep clean", "with Ana · Deep clean"} <= set(words(poster(week(), plan())))


def test_left_out_is_listed_with_its_reason() -> None:
    said = words(poster(week(), plan()))
    assert "Left out: 1" in said
    assert "Chang" in said
    assert "Party prep · 60 min · Mon 23 Nov 08:00–09:00" in said
    assert "Ana is busy" in said


def test_what_the_plan_does_not_mention_is_left_out() -> None:
    entries = timeline(week(), plan(unassigned=[])).left_out
    assert [(entry.appointment, entry.reasons) for entry in entries] == [("out", ("No reason is stated.",))]


def test_left_out_is_sorted_by_priority() -> None:
    left = [{"appointment": key} for key in ("pair", "solo", "out")]
    assert [entry.appointment for entry in timeline(week(), plan(assignments=[], unassigned=left)).left_out] == [
        "out",
        "solo",
        "pair",
        "fixed",
        "hall",
    ]


def test_closed_time_is_what_is_outside_the_hours() -> None:
    # Monday runs from 08:00 (the trip at 08:50) to 13:00: Ana is open throughout, Bo from 09:00 on.
    monday = timeline(week(), plan()).days[0]
    ana, bo = (cell.closed for cell in monday.cells)
    assert ana == []
    assert bo == [(monday.start, monday.start + 60)]


def test_maintenance_closes_a_resource() -> None:
    late = plan(assignments=[placed("hall", "mon 10:00", "mon 11:00", "ana", "bo", resources=[{"resource": "van"}])])
    assert timeline(week(), late, "resource").days[0].cells[0].closed == []
    noon = plan(assignments=[placed("hall", "mon 11:30", "mon 12:30", "ana", "bo", resources=[{"resource": "van"}])])
    day = timeline(week(), noon, "resource").days[0]
    assert day.cells[0].closed == [(day.start + 60, day.end)]


def test_closed_time_is_painted() -> None:
    shades = groups(poster(week(), plan()), "closed")
    assert "bo" in {shade.key for shade in shades}
    assert all(isinstance(shape, Rect) and shape.width > 0 for shade in shades for shape in shade.shapes)


def test_a_trip_ends_when_the_visit_begins() -> None:
    # 0.1 degrees of latitude are 11.12 km, at 66.72 km/h 10 minutes.
    monday = timeline(week(), plan()).days[0]
    (trip,) = monday.cells[0].trips
    visit = monday.cells[0].bars[0]
    assert (trip.end - trip.start, trip.end) == (10, visit.start)
    assert trip.hint == "10 min from the start to Alvarez"


def test_days_without_work_have_no_panel() -> None:
    assert [day.date.isoformat() for day in timeline(week(), plan()).days] == ["2026-11-23", "2026-11-24"]


def test_one_day_can_be_chosen() -> None:
    parsed = Problem.parse(week()), Plan.parse(plan())
    tuesday = parsed[0].horizon.start.date().replace(day=24)
    chosen = build(*parsed, Selection(first=tuesday, last=tuesday), {})
    assert [day.date for day in chosen.days] == [tuesday]
    assert chosen.notes == ["1 other day with appointments not shown."]


def test_late_and_pinned_are_marked() -> None:
    bars = {bar.appointment: bar for day in timeline(week(), plan()).days for cell in day.cells for bar in cell.bars}
    assert "Late: 30 min" in bars["solo"].hint
    assert [key for key, bar in bars.items() if bar.pinned] == ["fixed"]


def test_overtime_is_said_in_the_row() -> None:
    # Bo serves 2 + 1 + 1 hours of 2.
    ana, bo = timeline(week(), plan()).rows
    assert (ana.note, ana.alert) == ("4 h", False)
    assert (bo.note, bo.alert) == ("4 h of 2 h, overtime", True)


def test_double_booked_bars_lie_above_each_other() -> None:
    clash = plan(
        assignments=[placed("solo", "mon 09:00", "mon 10:00", "ana"), placed("pair", "mon 10:00", "mon 12:00", "ana")]
    )
    cell = timeline(week(), clash).days[0].cells[0]
    assert [(bar.appointment, bar.lane) for bar in cell.bars] == [("solo", 0), ("pair", 1)]  # the buffer ends at 10:15
    assert cell.lanes == 2


def test_a_night_is_shown_on_both_days() -> None:
    night = plan(assignments=[placed("solo", "mon 23:30", "tue 00:30", "bo")])
    assert [[bar.appointment for bar in day.cells[1].bars] for day in timeline(week(), night).days] == [
        ["solo"],
        ["solo"],
    ]


@pytest.mark.parametrize(
    ("day", "labels"),
    [
        ("2026-03-08", ["00:00", "01:00", "03:00", "04:00"]),
        ("2026-11-01", ["00:00", "01:00", "01:00", "02:00", "03:00", "04:00"]),
        ("2026-11-02", ["00:00", "01:00", "02:00", "03:00", "04:00"]),
    ],
    ids=["the hour that is skipped", "the hour that comes twice", "an ordinary day"],
)
def test_axis_follows_the_clock_on_the_wall(day: str, labels: list[str]) -> None:
    zone = "America/Los_Angeles"
    offset = {"2026-03-08": "-08:00", "2026-11-01": "-07:00", "2026-11-02": "-08:00"}[day]
    end = {"2026-03-08": "-07:00"}.get(day, "-08:00")
    whole = {"start": f"{day}T00:00:00{offset}", "end": f"{day}T04:00:00{end}"}
    night = problem(timezone=zone, horizon=whole, users=[user("ana")],
                    appointments=[appointment("a", 60, crew=[{}]), appointment("b", 60, crew=[{}])])  # fmt: skip
    shown = timeline(
        night,
        {
            "assignments": [
                {"appointment": "a", "start": whole["start"], "end": f"{day}T01:00:00{offset}", "users": ["ana"]},
                {"appointment": "b", "start": f"{day}T03:00:00{end}", "end": whole["end"], "users": ["ana"]},
            ]
        },
    ).days[0]
    assert [tick.label for tick in shown.ticks] == labels
    assert [tick.minute - shown.start for tick in shown.ticks] == list(range(0, 60 * len(labels), 60))


def test_svg_is_valid_and_has_every_bar() -> None:
    root = ET.fromstring(picture("svg", week(), plan()))
    bars = [group for group in root.iter(f"{SVG}g") if group.get("class") == "bar"]
    assert sorted(str(bar.get("data-id")) for bar in bars) == ["fixed", "hall", "hall", "pair", "pair", "solo"]
    titles = [bar.findtext(f"{SVG}title") or "" for bar in bars]
    assert any("Crew: Ana Reyes, Bo Lind" in title for title in titles)


def test_html_stands_alone_and_says_everything() -> None:
    content = picture("html", week(), plan(terms=[{"name": "travel", "weight": 1, "amount": 7, "cost": 7}], cost=7))
    page = Page(content)
    assert sorted(map(str, page.bars)) == ["fixed", "hall", "hall", "pair", "pair", "solo"]
    assert not {"link", "img", "iframe"} & set(page.tags)
    assert "http" not in content.replace("http://www.w3.org/2000/svg", "")
    for said in ("Ana is busy", "open an hour earlier (-1,000)", "travel", "Left out: 1 urgent"):
        assert said in page.text


def test_share_of_the_cost_is_in_the_tooltip() -> None:
    shown = build(
        Problem.parse(week()), Plan.parse(plan()), Selection(), {"solo": {"travel": 10, "lateness": 60, "moved": 0}}
    )
    assert "Share of the cost: 70 (travel 10, lateness 60)" in shown.days[0].cells[0].bars[0].hint


def test_png_is_a_picture() -> None:
    content = draw(Problem.parse(week()), Plan.parse(plan()), Selection(), "png", {})
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(content) > 20_000


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "parts",
    [
        {"appointments": []},
        {"appointments": [], "users": [], "teams": [], "resources": [], "rules": []},
        {"appointments": [appointment("nobody", 60)], "users": [], "teams": [], "resources": [], "rules": []},
    ],
    ids=["nothing to do", "nobody there", "nobody needed"],
)
def test_empty_plans_can_be_drawn(form: str, parts: Json) -> None:
    small = problem(**parts)
    work = [placed(a["id"], "mon 09:00", "mon 10:00") for a in small["appointments"]]
    assert draw(Problem.parse(small), Plan.parse({"assignments": work}), Selection(), form, {})


def test_work_without_a_crew_has_a_row() -> None:
    shown = timeline(
        problem(appointments=[appointment("a", 60)]), {"assignments": [placed("a", "mon 09:00", "mon 10:00")]}
    )
    assert [row.name for row in shown.rows] == ["Without a crew"]
    assert [bar.appointment for bar in shown.days[0].cells[0].bars] == ["a"]


@pytest.mark.parametrize("title", HOSTILE, ids=["script", "quotes", "long", "emoji", "rtl", "math", "control"])
def test_hostile_words_do_no_harm(title: str) -> None:
    text = title.replace("\x00", "").replace("\ufffe", "") if "\x00" in title else title
    work = [appointment("a", 60, title=title, client=text[:200], crew=[{}]), appointment("b", 60, title=title)]
    nasty = problem(name=title, users=[user("ana", name=title)], appointments=work)
    answer = {
        "assignments": [placed("a", "mon 09:00", "mon 10:00", "ana")],
        "unassigned": [{"appointment": "b", "reasons": [{"rule": "cost", "message": title}]}],
    }
    root = ET.fromstring(picture("svg", nasty, answer))
    assert [group.get("data-id") for group in root.iter(f"{SVG}g") if group.get("class") == "bar"] == ["a"]
    page = Page(picture("html", nasty, answer))
    assert page.tags.count("script") == 1
    assert page.bars == ["a"]
    assert draw(Problem.parse(nasty), Plan.parse(answer), Selection(), "png", {})
    assert_text_fits(poster(nasty, answer))


def assert_text_fits(canvas: Canvas) -> None:
    """No text leaves the canvas, and the labels inside bars stay inside them."""
    for shape in canvas.shapes():
        if isinstance(shape, Text):
            width = width_of(shape.content, shape.size, bold=shape.bold)
            left = shape.x - {"start": 0, "middle": width / 2, "end": width}[shape.anchor]
            assert left >= 0
            assert left + width <= canvas.width
            assert shape.size <= shape.y <= canvas.height
    for group in groups(canvas, "bar"):
        service = next(shape for shape in group.shapes if isinstance(shape, Rect) and shape.radius == 2.5)
        for shape in group.shapes:
            if isinstance(shape, Text) and shape.x < service.x + service.width:
                assert shape.x + width_of(shape.content, shape.size, bold=shape.bold) <= service.x + service.width


def test_big_plans_stay_legible() -> None:
    # 50 users × 5 days × 4 visits of 90 minutes.
    days = ("mon", "tue", "wed", "thu", "fri")
    users = [user(f"u{k}", name=f"Person number {k}") for k in range(50)]
    work, done = [], []
    for k in range(50):
        for day in days:
            for slot in range(4):
                key = f"{day}-{k}-{slot}"
                work.append(appointment(key, 90, title="A visit with a rather long title", client=f"Client {k}"))
                done.append(placed(key, f"{day} {8 + 2 * slot:02}:00", f"{day} {9 + 2 * slot:02}:30", f"u{k}"))
    big = poster(problem(horizon=span("mon 00:00", "sun 24:00"), users=users, appointments=work), {"assignments": done})
    assert len(keys(big, "bar")) == 1000
    assert_text_fits(big)
    labels = [shape for group in groups(big, "bar") for shape in group.shapes if isinstance(shape, Text)]
    assert len(labels) >= 1000
    assert min(label.size for label in labels) >= 9
    assert 0.5 < big.width / big.height < 3


def test_bars_of_different_rows_do_not_touch() -> None:
    places = [
        (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
        for group in groups(poster(week(), plan()), "bar")
        for shape in group.shapes
        if isinstance(shape, Rect) and shape.radius == 2.5
    ]
    for i, (x, y, right, bottom) in enumerate(places):
        assert x >= LABEL_WIDTH
        for other in places[:i]:
            assert x >= other[2] or right <= other[0] or y >= other[3] or bottom <= other[1]


def test_a_plan_for_another_problem_is_refused() -> None:
    with pytest.raises(InvalidPlan, match="stranger"):
        timeline(week(), {"assignments": [placed("stranger", "mon 09:00", "mon 10:00")]})


def test_people_without_work_are_left_out_of_a_crowd() -> None:
    crowd = problem(users=[user(f"u{k}") for k in range(60)], appointments=[appointment("a", 60, crew=[{}])])
    shown = timeline(crowd, {"assignments": [placed("a", "mon 09:00", "mon 10:00", "u7")]})
    assert [row.key for row in shown.rows] == ["u7"]
    assert shown.notes == ["59 users without appointments not shown."]


def test_violations_are_listed() -> None:
    clash = {
        "rule": "overlap",
        "conflict_type": "double_booking",
        "impact_level": "high",
        "message": "Bo is in two places",
    }
    drawn = words(poster(week(), plan(violations=[clash])))
    assert {"Violations: 1", "Bo is in two places"} <= set(drawn)


def test_a_label_beside_a_short_bar_ends_before_the_next_one() -> None:
    short = problem(
        users=[user("ana")],
        appointments=[appointment("Inspection one", 15, crew=[{}]), appointment("Inspection two", 240, crew=[{}])],
    )
    one = {"appointment": "Inspection one", "start": at("mon 09:00"), "end": at("mon 09:15"), "users": ["ana"]}
    two = {"appointment": "Inspection two", "start": at("mon 11:00"), "end": at("mon 15:00"), "users": ["ana"]}
    drawn = poster(short, {"assignments": [one, two]})
    first, second = groups(drawn, "bar")
    label = next(shape for shape in first.shapes if isinstance(shape, Text))
    follower = next(shape for shape in second.shapes if isinstance(shape, Rect))
    assert label.content == "Inspection one"
    assert label.x + width_of(label.content, label.size, bold=label.bold) <= follower.x
