"""`tidyplan openapi` and `tidyplan settings`: what the service offers, and what it is told."""

import typer
from pydantic import SecretStr

from service.app import create_app
from service.cli.configured import BAD_SETTINGS, Misconfigured, read_settings
from service.cli.screen import show_table
from service.openapi import document
from service.settings import PREFIX, Settings


def run() -> int:
    """Print the description of the API; it needs neither settings nor a database.

    Returns
    -------
    The exit code 0.
    """
    settings = Settings.model_construct(database_url="sqlite:///unused.db", secret_key=SecretStr("unused"))
    typer.echo(document(create_app(settings)).encode(), nl=False)
    return 0


def show_settings() -> int:
    """Print the table of settings.

    Returns
    -------
    The exit code: 0, or 2 if one is wrong.
    """
    try:
        present = read_settings()
    except Misconfigured:
        return BAD_SETTINGS
    rows = [
        (f"{PREFIX}{name.upper()}", _shown(getattr(present, name)), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    show_table("Settings", ("variable", "now", "what it is"), rows)
    return 0


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "(set)"
    return "" if value is None else str(value)
