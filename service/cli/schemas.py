"""`tidyplan schema`: the JSON Schema of a file."""

import json

import typer
from pydantic import BaseModel


def run(which: str) -> int:
    """Print a schema.

    Parameters
    ----------
    which
        "problem", "plan", "request" or "suggestions".

    Returns
    -------
    The exit code 0.
    """
    from models.plan import Plan
    from models.problem import Problem
    from models.suggestion import SlotRequest, Suggestions

    models: dict[str, type[BaseModel]] = {
        "problem": Problem,
        "plan": Plan,
        "request": SlotRequest,
        "suggestions": Suggestions,
    }
    model = models[which]
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | model.model_json_schema(by_alias=True)
    typer.echo(json.dumps(schema, indent=1, ensure_ascii=False).encode())
    return 0
