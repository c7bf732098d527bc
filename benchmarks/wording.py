"""Figures as people read them."""

from __future__ import annotations

from math import isfinite, isnan

UNKNOWN, NEVER = "–", "never"


def shown(cell: str | int | float) -> str:
    """Write a cell: thousands apart, texts as they are."""
    return f"{cell:,}".replace(",", " ") if isinstance(cell, int | float) else cell


def figure(value: float, decimals: int = 2) -> str:
    """Write a value: whole ones without decimals, thousands apart; a dash where it is not a number or infinite."""
    if not isfinite(value):
        return UNKNOWN
    text = f"{value:,.0f}" if value == int(value) else f"{value:,.{decimals}f}"
    return text.replace(",", " ")


def percent(share: float) -> str:
    """Write a share with its sign, in per cent."""
    return f"{100 * share:+.2f}" if isfinite(share) and abs(share) >= 5e-5 else "0" if isfinite(share) else UNKNOWN


def seconds(value: float) -> str:
    """Write seconds; infinity is never."""
    return (
        UNKNOWN
        if isnan(value)
        else NEVER
        if not isfinite(value)
        else f"{value:.1f}"
        if value >= 0.05
        else f"{value:.2f}"
    )


def told(count: int, one: str, many: str) -> str:
    """Write a count with its noun."""
    return f"{count} {one if count == 1 else many}"
