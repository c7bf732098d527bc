"""Public holidays by country, from the `holidays` package."""

from datetime import date
from functools import cache

LANGUAGE = "en_US"


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
    Day to name, in English where the package has it.
    """
    import holidays

    years = range(first_year, last_year + 1)
    # Named outright: left to itself the package follows the language of the machine.
    spoken = LANGUAGE if LANGUAGE in getattr(holidays, country).supported_languages else None
    found = holidays.country_holidays(country, subdiv=subdivision, years=years, language=spoken)
    return dict(found.items())
