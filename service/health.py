"""Whether the service lives, and whether it is ready."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from service import migrations
from service.database import Database
from service.dependencies import database_of

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """How the service is."""

    status: str
    detail: str = ""


@router.get("/healthz", summary="Tell whether the process lives")
def healthz() -> Health:
    """Answer."""
    return Health(status="ok")


@router.get("/readyz", summary="Tell whether the service is ready", responses={503: {"model": Health}})
def readyz(response: Response, database: Annotated[Database, Depends(database_of)]) -> Health:
    """Ask the database whether it is there and migrated."""
    try:
        current = migrations.is_current(database.engine)
    except SQLAlchemyError:
        response.status_code = 503
        return Health(status="unavailable", detail="The database does not answer.")
    if not current:
        response.status_code = 503
        return Health(status="unavailable", detail="The database has not been migrated. Run: tidyplan migrate")
    return Health(status="ok")
