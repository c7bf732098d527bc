"""Figures as files: CSV, XLSX and Parquet, with pandas."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, NamedTuple

import pandas as pd

from models.records import ScheduleAnalytics
from service.analytics.formats import MEDIA_TYPES

_PLAIN = (
    "total_appointments",
    "completed_appointments",
    "cancelled_appointments",
    "no_show_appointments",
    "total_conflicts",
    "resolved_conflicts",
)
_DECIMAL = (
    "total_scheduled_hours",
    "total_available_hours",
    "utilization_rate",
    "conflict_resolution_time",
    "total_revenue",
    "average_appointment_value",
)
_METRICS = ("completion_rate", "cancellation_rate", "no_show_rate", "average_rating", "currency")
_USED = ("name", "appointments", "scheduled_hours", "available_hours", "utilization_rate")


class File(NamedTuple):
    """What is sent, and what it says it is."""

    content: bytes
    media_type: str


def written(records: Iterable[ScheduleAnalytics], form: str, table: str) -> File:
    """Write records into a file.

    Parameters
    ----------
    records
        Figures of periods.
    form
        "csv", "xlsx" or "parquet".
    table
        "periods" or "utilization"; a workbook has both.

    Returns
    -------
    The file.
    """
    known = list(records)
    frames = {"periods": periods(known), "utilization": utilization(known)}
    buffer = BytesIO()
    if form == "xlsx":
        with pd.ExcelWriter(buffer, engine="openpyxl") as workbook:
            for name in sorted(frames, key=lambda each: each != table):
                _harmless(frames[name]).to_excel(workbook, sheet_name=name, index=False)
    elif form == "parquet":
        frames[table].to_parquet(buffer, engine="pyarrow", index=False)
    else:
        _harmless(frames[table]).to_csv(buffer, index=False, encoding="utf-8")
    return File(buffer.getvalue(), MEDIA_TYPES[form])


def periods(records: Iterable[ScheduleAnalytics]) -> pd.DataFrame:
    """Put figures into a table, a row for each period; money is in the organization's currency."""
    rows = [_period(record) | _figures(record) for record in records]
    names = ("period_type", "period_start", "period_end", *_PLAIN, *_DECIMAL, *_METRICS, "updated_at")
    frame = pd.DataFrame(rows, columns=list(names))
    return frame.astype(dict.fromkeys(_PLAIN, "int64") | dict.fromkeys(_DECIMAL, "float64") | _rates())


def utilization(records: Iterable[ScheduleAnalytics]) -> pd.DataFrame:
    """Put what people, teams and resources did into a table, a row for each of them in each period."""
    rows = [
        _period(record) | {"kind": kind, "id": int(key)} | {name: used.get(name) for name in _USED}
        for record in records
        for kind, usages in (
            ("user", record.metrics.get("user_utilization")),
            ("team", record.team_utilization),
            ("resource", record.resource_utilization),
        )
        for key, used in (usages.items() if isinstance(usages, dict) else ())
        if key.isdecimal() and isinstance(used, dict)
    ]
    frame = pd.DataFrame(rows, columns=["period_type", "period_start", "period_end", "kind", "id", *_USED])
    numbers = ("appointments", "scheduled_hours", "available_hours", "utilization_rate")
    for name in numbers:
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    return frame.astype({"id": "int64", "name": "str"} | dict.fromkeys(numbers, "float64"))


def _period(record: ScheduleAnalytics) -> dict[str, Any]:
    return {
        "period_type": record.period_type.value,
        "period_start": record.period_start,
        "period_end": record.period_end,
    }


def _figures(record: ScheduleAnalytics) -> dict[str, Any]:
    decimals = {name: getattr(record, name) for name in _DECIMAL}
    metrics = {name: record.metrics.get(name) for name in _METRICS}
    return (
        {name: getattr(record, name) for name in _PLAIN}
        | {name: None if value is None else float(value) for name, value in decimals.items()}
        | {
            name: value if isinstance(value, str if name == "currency" else int | float) else None
            for name, value in metrics.items()
        }
        | {"updated_at": record.updated_at.isoformat()}
    )


def _rates() -> dict[str, str]:
    return {name: "float64" for name in _METRICS if name != "currency"}


def _harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep a spreadsheet from taking a name that begins like a formula for one."""
    safe = frame.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = [
                f"'{text}" if isinstance(text, str) and text[:1] in "=+-@\t\r" and text else text for text in safe[name]
            ]
    return safe
