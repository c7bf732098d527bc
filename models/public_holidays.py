"""Public holidays by country, from the `holidays` package."""

from datetime import date
from functools import cache


@cache
def public_holidays(country: str, subdivision: str | None, first_year: int, last_year: int) -> dict[date, str]:
    """Name the public holidays of some years.

    Parameters
    ----------
    country, subdivision
        Codes that the package knows.
    first_year, last_year
        Both included.

    Returns
    -------
    Day to name.
    """
    import holidays

    found = holidays.country_holidays(country, subdiv=subdivision, years=range(first_year, last_year + 1))
    return dict(found.items())
