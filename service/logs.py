"""Logs: one event a line, as text for people or as JSON for programs."""

import logging

import structlog

from service.settings import Settings


def configure(settings: Settings) -> None:
    """Set up logging for a process.

    Parameters
    ----------
    settings
        Level and format.
    """
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    # Tracebacks without local variables: those may hold secrets.
    as_json = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
    as_text = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer = [as_json, structlog.processors.JSONRenderer()] if settings.log_json else [as_text]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
