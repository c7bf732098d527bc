"""`tidyplan schema`: the JSON Schema of the two files."""

import json

import typer


def run(which: str) -> int:
    """Print a schema.

    Parameters
    ----------
    which
        "problem" or "plan".

    Returns
    -------
    The exit code 0.
    """
    from models.plan import Plan
    from models.problem import Problem

    model = Problem if which == "problem" else Plan
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | model.model_json_schema(by_alias=True)
    typer.echo(json.dumps(schema, indent=1, ensure_ascii=False).encode())
    return 0
