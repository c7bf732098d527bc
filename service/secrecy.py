"""Fields of bodies whose content is told to nobody, not even to whom it came from."""

from typing import Any

from pydantic import BaseModel, Field

SECRET: Any = Field(json_schema_extra={"writeOnly": True})
"""Marks such a field, among its annotations."""


def is_secret(model: type[BaseModel], name: str) -> bool:
    """Tell whether a field of a body is one.

    Parameters
    ----------
    model
        Of the body.
    name
        Of the field; an unknown one is none.

    Returns
    -------
    Whether it was marked.
    """
    known = model.model_fields.get(name)
    extra = None if known is None else known.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("writeOnly"))
