"""A typed client of the portal's API.

    from portal.client import PortalClient, models

    with PortalClient("https://films.example", token="...") as portal:
        made = portal.create_movie(models.MovieCreate(title="The Long Night"))
        portal.update_movie(made.value.movie_id, models.MoviePatch(year=1999), if_match=made.etag)

`AsyncPortalClient` has the same methods to be awaited. Problems are raised as `ApiProblem`. Models
and methods are generated from contracts/openapi/movies.yaml (`make contract`).
"""

from portal.client import models
from portal.client.asynchronous import AsyncPortalClient
from portal.client.blocking import PortalClient
from portal.client.transport import Answer, ApiProblem, NotModified, Upload

__all__ = [
    "Answer",
    "ApiProblem",
    "AsyncPortalClient",
    "NotModified",
    "PortalClient",
    "Upload",
    "models",
]
