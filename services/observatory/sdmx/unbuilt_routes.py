"""HTTP of the resources of SDMX-REST that are not built: a 501 says so, as `status.md` wants."""

from typing import Final

from fastapi import APIRouter, Response

from observatory.sdmx import addresses
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.errors import ProblemError, problems
from platformkit.i18n import Text

router = APIRouter(tags=["sdmx"], dependencies=[public(), counted_as("sdmx")])


class ResourceNotBuilt(ProblemError):
    """A resource that the standard has and this service has not."""

    status = 501
    code = "sdmx-resource-not-built"
    title = Text("Ressource SDMX non proposée", "SDMX resource not built")
    detail = Text(
        "Il n’y a ici ni métadonnées de référence ni enregistrements en SDMX.",
        "There are neither reference metadata nor registrations in SDMX here.",
    )


async def read_sdmx_metadata() -> Response:
    """Tell that reference metadata are not served in SDMX."""
    raise ResourceNotBuilt


async def read_sdmx_registrations() -> Response:
    """Tell that there is no registry of data sources."""
    raise ResourceNotBuilt


_PARTS: Final = tuple((f"part_{number}", "A part of the address") for number in range(1, 6))
for _base, _endpoint in (
    ("/sdmx/v2/metadata", read_sdmx_metadata),
    ("/sdmx/v2/registration", read_sdmx_registrations),
):
    addresses.register(
        router,
        _base,
        _PARTS,
        _endpoint,
        response_class=Response,
        status_code=501,
        responses=problems(ResourceNotBuilt),
    )
