"""Places."""

from models.records import Location
from service.crud import Resource
from service.routing import router_of

LOCATIONS = Resource(Location, "locations", "location")

router = router_of(LOCATIONS)
