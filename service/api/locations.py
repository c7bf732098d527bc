"""Places."""

from models.events import LocationSaved
from models.records import Location
from service.crud import Resource
from service.routing import router_of

LOCATIONS = Resource(Location, "locations", "location", LocationSaved)

router = router_of(LOCATIONS)
