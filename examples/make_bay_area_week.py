"""Write bay-area-week.json: one week of a made-up cleaning company, with a fixed seed so that it can be made again.

    python examples/make_bay_area_week.py [OUTPUT]

Names of people and clients are invented; coordinates are neighbourhoods of the San Francisco Bay Area, moved a little.
"""

from __future__ import annotations

import json
import random
import sys
from datetime import date, datetime
from itertools import cycle
from pathlib import Path

from bay_area_company import (
    DEPOTS,
    FRI,
    MON,
    MONDAY,
    PEOPLE,
    PLACES,
    SAT,
    SHIFTS,
    TEAM_OF,
    TEAMS,
    THU,
    TUE,
    WED,
    WEEK,
    ZONE,
    Json,
    at,
    later,
    resources,
    rules,
    span,
    users,
)

FAMILIES = [
    "Abrams", "Adeyemi", "Alvarez", "Amini", "Andersen", "Archer", "Baptiste", "Barros", "Becker", "Bianchi", "Boyd",
    "Calloway", "Carver", "Chang", "Chaudhry", "Cho", "Cortez", "Dalton", "Desai", "Donnelly", "Duarte", "Eklund",
    "Ellison", "Espinoza", "Fairchild", "Feldman", "Ferreira", "Fong", "Garber", "Ghosh", "Gibbs", "Gutierrez",
    "Hadley", "Hale", "Hashimoto", "Herrera", "Hoang", "Holloway", "Ibarra", "Ishikawa", "Iverson", "Jansen",
    "Jimenez", "Johal", "Kaplan", "Keating", "Kessler", "Kwan", "Lambert", "Levin", "Lindgren", "Lowry", "Mahoney",
    "Marsh", "Medina", "Mehta", "Moreau", "Nakamura", "Nguyen", "Norris", "Novak", "Oduya", "Okada", "Olsen",
    "Pacheco", "Park", "Patel", "Pham", "Quintero", "Rahman", "Ramos", "Reilly", "Romero", "Rossi", "Sandoval",
    "Sato", "Schultz", "Serrano", "Sorensen", "Sutter", "Takeda", "Thatcher", "Tobin", "Torres", "Tsai", "Ueda",
    "Underhill", "Valdez", "Vance", "Vargas", "Vasquez", "Wagner", "Weiss", "Whitaker", "Wong", "Xu", "Yamada",
    "Yates", "Yoon", "Zamora", "Zhou", "Zimmer", "Abbott", "Bauer", "Coleman", "Dunn", "Engel", "Farrell", "Gupta",
    "Hsu", "Ivanov", "Kirby", "Lang",
]  # fmt: skip
OFFICES = {
    "sf": ["Brightline Software", "Harbor & Lowe Law", "Tenfold Design", "Mariposa Books", "Cable Car Coworking"],
    "east": ["Lakeshore Architects", "Redwood Ledger", "Telegraph Studios", "Emery Robotics"],
    "peninsula": ["Bayhill Ventures", "Cardinal Row Labs", "Crystal Springs Realty"],
}
CLINICS = {"sf": "Twin Peaks Dental", "east": "Grand Lake Pediatrics", "peninsula": "El Camino Eye Clinic"}
VENUES = {"sf": "Dogpatch Event Hall", "east": "Jack London Warehouse", "peninsula": "Burlingame School Gym"}


class Week:
    """Collects appointments and the locations they need."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.appointments: list[Json] = []
        self.locations: list[Json] = [self.place(f"depot-{k}", *v) for k, v in DEPOTS.items()]
        self.families = cycle(self.random.sample(FAMILIES, len(FAMILIES)))

    def place(self, name: str, latitude: float, longitude: float) -> Json:
        """A location of the file."""
        return {"id": name, "latitude": round(latitude, 5), "longitude": round(longitude, 5)}

    def address(self, region: str, name: str) -> str:
        """A new location near a neighbourhood of the region, named after the client."""
        taken = {location["id"] for location in self.locations}
        keys = {"-".join(f"{name} {hood}".lower().replace("&", "and").split()): hood for hood in sorted(PLACES[region])}
        key = self.random.choice([key for key in keys if key not in taken])
        latitude, longitude = PLACES[region][keys[key]]
        moved = latitude + self.random.uniform(-0.004, 0.004), longitude + self.random.uniform(-0.004, 0.004)
        self.locations.append(self.place(key, *moved))
        return key

    def add(self, title: str, client: str, minutes: int, windows: list[Json], **fields: object) -> Json:
        """Append one appointment and hand it back for links."""
        appointment = {
            "id": f"v{len(self.appointments) + 1:03d}",
            "title": title,
            "client": client,
            "duration_minutes": minutes,
            "windows": windows,
            **{k: v for k, v in fields.items() if v is not None},
        }
        self.appointments.append(appointment)
        return appointment

    def homes(self, count: int) -> None:
        """Recurring home cleans: one person, half a day's window, people they know."""
        for k in range(count):
            region = ("sf", "east", "sf", "peninsula", "east")[k % 5]
            client = f"{next(self.families)} home"
            day = WEEK[k // 2 % 5]
            length = self.random.choice((90, 90, 120, 120, 150, 180))
            window = self.random.choice(
                (("08:00", "12:30"), ("08:00", "17:00"), ("12:00", "17:00"), ("09:00", "15:00"))
            )
            known = [p[0] for p in PEOPLE if p[2] == region and "home" in p[4] and p[3] != "late"]
            skill: str | Json = {"name": "home", "level": 2} if self.random.random() < 0.3 else "home"
            prefers = self.random.random() < 0.5
            self.add(
                "Weekly clean" if k % 3 else "Fortnightly clean",
                client,
                length,
                [span(day, *window)],
                buffer_after_minutes=10,
                priority=self.random.choices(("low", "normal", "high"), (2, 7, 2))[0],
                preferred_start=at(day, later(window[0], 30 * self.random.randrange(3))) if prefers else None,
                crew=[{"skills": [skill]}],
                users={"preferred": sorted(self.random.sample(known, 2))} if self.random.random() < 0.45 else None,
                location=self.address(region, client),
            )

    def deep_cleans(self, count: int) -> None:
        """Two people of different rank on one of several days; every third is inspected by somebody else."""
        for k in range(count):
            region = ("sf", "east", "peninsula")[k % 3]
            client = f"{next(self.families)} residence"
            days = sorted(self.random.sample(WEEK, 3))
            place = self.address(region, client)
            clean = self.add(
                "Deep clean",
                client,
                self.random.choice((150, 180, 210)),
                [span(d, "08:00", "16:30") for d in days],
                buffer_before_minutes=5,
                buffer_after_minutes=10,
                priority=self.random.choice(("normal", "normal", "high")),
                crew=[{"skills": [{"name": "deep", "level": 2}]}, {"skills": ["home"]}],
                team={"any_of": [TEAM_OF[region]]} if k % 4 == 0 else None,
                location=place,
            )
            if k % 3 == 0:
                self.add(
                    "Quality inspection",
                    client,
                    30,
                    [span(d, "08:00", "18:00") for d in days],
                    priority="low",
                    crew=[{"skills": ["inspect"]}],
                    after=[{"appointment": clean["id"], "max_gap_minutes": 1440, "different_users": True}],
                    location=place,
                )

    def move_outs(self, count: int) -> None:
        """Two or three people before the keys are handed over."""
        for k in range(count):
            region = ("sf", "peninsula", "east")[k % 3]
            client = f"{next(self.families)} move-out"
            keys = self.random.choice((TUE, WED, FRI))
            self.add(
                "Move-out clean",
                client,
                self.random.choice((180, 210, 240)),
                [span(d, "08:00", "17:00") for d in WEEK if d <= keys + 1 and d <= FRI],
                buffer_after_minutes=15,
                priority="high",
                due=at(keys, "17:00"),
                crew=[{"skills": [{"name": "deep", "level": 2}]}, {"skills": ["home"], "count": 1 + k % 2}],
                location=self.address(region, client),
            )

    def offices(self) -> None:
        """Evenings after the desks empty, twice a week."""
        for region, names in OFFICES.items():
            for k, client in enumerate(names):
                place = self.address(region, client)
                length = self.random.choice((75, 90, 120))
                for day in ((MON, WED), (TUE, THU))[k % 2]:
                    self.add(
                        "Office clean",
                        client,
                        length,
                        [span(day, "16:00", "21:30")],
                        preferred_start=at(day, "17:30"),
                        crew=[{"skills": ["office"]}],
                        location=place,
                    )

    def clinics(self) -> None:
        """Sanitized before the first patient, every working day; one of them is pinned to its person and hour."""
        for region, client in CLINICS.items():
            place = self.address(region, client)
            usual = next(p[0] for p in PEOPLE if p[2] == region and "bloodborne" in p[5])
            for day in WEEK:
                self.add(
                    "Clinic sanitizing",
                    client,
                    60,
                    [span(day, "07:00", "09:30")],
                    priority="urgent",
                    crew=[{"skills": ["sanitize"], "certifications": ["bloodborne"]}],
                    location=place,
                    current={"start": at(day, "07:30"), "users": [usual]} if region == "sf" else None,
                    pinned=True if region == "sf" else None,
                )

    def windows(self, count: int) -> None:
        """Ladders come out of a pool of four; a façade needs the lift and somebody trained on it."""
        for k in range(count):
            region = ("sf", "east", "peninsula")[k % 3]
            high = k % 4 == 3
            client = f"{next(self.families)} {'building' if high else 'home'}"
            days = sorted(self.random.sample(WEEK, 2))
            self.add(
                "Façade glass" if high else "Window cleaning",
                client,
                self.random.choice((150, 180)) if high else self.random.choice((90, 120)),
                [span(d, "08:00", "16:30") for d in days],
                buffer_before_minutes=10,
                buffer_after_minutes=10,
                crew=[{"skills": [{"name": "windows", "level": 2}], "certifications": ["lift"]}]
                if high
                else [{"skills": ["windows"]}],
                resources=[{"resource": "boom-lift"}] if high else [{"resource": "ladders", "units": 1}],
                location=self.address(region, client),
            )

    def floors(self, count: int) -> None:
        """Strip, let it dry overnight, then wax with the same hands."""
        for k in range(count):
            region = ("sf", "east", "peninsula", "sf", "east")[k % 5]
            client = f"{next(self.families)} {self.random.choice(('bakery', 'gallery', 'studio', 'market'))}"
            day = (MON, TUE, WED, MON, THU, TUE)[k % 6]
            place = self.address(region, client)
            machine = [{"resource_type": "equipment", "features": ["scrubber"]}]
            strip = self.add(
                "Strip floor",
                client,
                120,
                [span(d, "08:00", "21:00") for d in (day, day + 1) if d <= THU],
                buffer_before_minutes=15,
                buffer_after_minutes=15,
                crew=[{"skills": [{"name": "floors", "level": 2}]}],
                resources=machine,
                location=place,
            )
            self.add(
                "Wax floor",
                client,
                90,
                [span(d, "08:00", "21:00") for d in (day + 1, day + 2) if d <= FRI],
                buffer_after_minutes=15,
                crew=[{"skills": ["floors"]}],
                resources=[{"resource_type": "equipment", "features": ["burnisher"]}],
                after=[
                    {"appointment": strip["id"], "min_gap_minutes": 720, "max_gap_minutes": 2160, "same_users": True}
                ],
                location=place,
            )

    def carpets(self, count: int) -> None:
        """One person with an extractor, any of three days."""
        for k in range(count):
            region = ("east", "sf", "peninsula")[k % 3]
            client = f"{next(self.families)} home"
            self.add(
                "Carpet shampoo",
                client,
                self.random.choice((90, 120)),
                [span(d, "08:00", "17:00") for d in sorted(self.random.sample((*WEEK, SAT), 3))],
                buffer_after_minutes=15,
                priority=self.random.choice(("low", "normal")),
                crew=[{"skills": ["carpet"]}],
                resources=[{"resource_type": "equipment", "features": ["extractor"]}],
                location=self.address(region, client),
            )

    def whole_teams(self) -> None:
        """A hall that a whole team turns over in one go, with a van; one of two days."""
        for (region, client), days in zip(VENUES.items(), ((TUE, WED), (WED, FRI), (TUE, FRI)), strict=True):
            self.add(
                "Hall turnover",
                client,
                150,
                [span(d, "08:00", "15:30") for d in days],
                buffer_before_minutes=10,
                priority="high",
                mandatory=True,
                team={"any_of": [TEAM_OF[region]]},
                resources=[{"resource_type": "vehicle", "min_capacity": 5}],
                location=self.address(region, client),
            )

    def supplies(self, count: int) -> None:
        """Restocking rounds with a van, whenever it fits."""
        for k in range(count):
            region = ("sf", "east", "peninsula")[k % 3]
            client = OFFICES[region][k // 3]
            self.add(
                "Supply drop",
                client,
                45,
                [span(d, "08:00", "20:00") for d in WEEK],
                priority="low",
                crew=[{"certifications": ["driver"]}],
                resources=[{"resource_type": "vehicle", "features": ["shelves"]}],
                location=next(a["location"] for a in self.appointments if a["client"] == client),
            )

    def thursday_rush(self, count: int) -> None:
        """Everybody wants the house ready for the weekend's parties: more work on Thursday than there are hands."""
        for k in range(count):
            region = ("sf", "east", "peninsula", "sf")[k % 4]
            client = f"{self.random.choice(FAMILIES)} party"
            self.add(
                "Party prep clean",
                client,
                self.random.choice((120, 150, 180)),
                [span(THU, "09:00", "16:30")],
                buffer_after_minutes=10,
                priority=("low", "normal", "normal")[k % 3],
                crew=[{"skills": ["home"], "count": 1 + (k % 5 == 0)}],
                location=self.address(region, client),
            )

    def today(self, count: int) -> None:
        """Last week's plan for some of the recurring visits, which customers were told and moving them costs."""
        taken: dict[tuple[str, int], list[tuple[int, int]]] = {}
        singles = [a for a in self.appointments if a["title"] in ("Weekly clean", "Fortnightly clean") and "users" in a]
        for a in singles[:count]:
            day = date.fromisoformat(a["windows"][0]["start"][:10]).toordinal() - MONDAY.toordinal()
            start = datetime.fromisoformat(a.get("preferred_start") or a["windows"][0]["start"])
            begin = start.hour * 60 + start.minute
            for user in a["users"]["preferred"]:
                _, _, _, shift, skills, _, _, _, _ = next(p for p in PEOPLE if p[0] == user)
                opens, closes, days = SHIFTS[shift]
                wanted = a["crew"][0]["skills"][0]
                level = wanted["level"] if isinstance(wanted, dict) else 1
                end = begin + a["duration_minutes"] + 45
                busy = taken.setdefault((user, day), [])
                fits = day in days and skills["home"] >= level and later(opens, 30) <= start.strftime("%H:%M")
                fits = fits and end <= int(closes[:2]) * 60 and user not in ("ana", "grace")
                if fits and all(end <= s or e <= begin for s, e in busy):
                    busy.append((begin, end))
                    a["current"] = {"start": start.isoformat(), "users": [user]}
                    break


def problem() -> Json:
    """The whole file."""
    week = Week(seed=49)
    week.clinics()
    week.homes(80)
    week.deep_cleans(15)
    week.move_outs(8)
    week.offices()
    week.windows(12)
    week.floors(6)
    week.carpets(9)
    week.whole_teams()
    week.supplies(6)
    week.thursday_rush(32)
    week.today(24)
    return {
        "version": 1,
        "name": "Bay Area week 49",
        "timezone": str(ZONE),
        "horizon": {"start": at(MON, "00:00"), "end": at(7, "00:00")},
        "step_minutes": 15,
        "now": at(-1, "18:00"),
        "locations": week.locations,
        "travel": {"speed_kmh": 45, "detour_factor": 1.3},
        "users": list(users()),
        "teams": [{"id": k, "name": n, "lead": lead, "members": m} for k, n, lead, m in TEAMS],
        "resources": resources(),
        "rules": rules(),
        "appointments": week.appointments,
    }


def main() -> None:
    """Write the file, one subject or appointment per line so that changes read well."""
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("bay-area-week.json")
    parts = []
    for key, value in problem().items():
        if isinstance(value, list):
            rows = ",\n".join("  " + json.dumps(x, ensure_ascii=False) for x in value)
            parts.append(f" {json.dumps(key)}: [\n{rows}\n ]")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    output.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
