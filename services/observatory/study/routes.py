"""HTTP of impact studies: open data, as the figures that they tell."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from observatory.exposure.service import ExposureUnmeasured
from observatory.observations.service import SelectionInvalid
from observatory.references.library import CurrentFacts, ReferenceMissing
from observatory.references.service import CodeUnknown
from observatory.structures.library import Structures
from observatory.study import formats, service
from observatory.study.formats import Format, StudiesBusy, StudyNotAcceptable
from observatory.study.parts import StudyHidden, StudyUnpublished
from observatory.study.schemas import Rules, Study, StudyIndex
from observatory.study.service import Sources
from platformkit import etags, open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.i18n import Language, speak
from platformkit.press import Press
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/studies", tags=["studies"], dependencies=[public()])

Kind = Literal["sectors", "jobs", "territories"]
_REFUSALS: Final = open_data.KEPT | problems(
    CodeUnknown,
    ExposureUnmeasured,
    ReferenceMissing,
    SelectionInvalid,
    StudyHidden,
    StudyUnpublished,
)


@router.get("", response_model=StudyIndex, responses=open_data.KEPT | problems(ReferenceMissing))
async def read_study_index(request: Request, facts: CurrentFacts) -> Response:
    """Read which studies there are, and where that of the region is."""
    found = service.index(facts, request.app.state.settings.region)
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


@router.get("/rules", response_model=Rules, responses=open_data.KEPT)
async def read_study_rules(request: Request) -> Response:
    """Read what makes a point strong or weak, with its thresholds, and the sentences of studies."""
    body = service.published_rules().model_dump_json().encode()
    return open_data.answer(request, body, translated=True)


Code = Annotated[
    str,
    Path(
        max_length=20,
        description="a section, division or sub-class of NAF rev. 2, a ROME code, a territory",
    ),
]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a study is made from, and as of when."""

    sources: Sources
    instant: datetime | None


async def _asked(
    request: Request,
    reads: Reads,
    facts: CurrentFacts,
    structures: Structures,
    asOf: Annotated[  # noqa: N803  # SDMX's name
        str | None, Query(max_length=40, description="as the figures were known at that instant")
    ] = None,
    lang: Annotated[Language | None, Query(description="instead of Accept-Language")] = None,
) -> _Asked:
    if lang is not None:
        speak(lang)
    state = request.app.state
    sources = Sources(
        reads=reads,
        data=state.data,
        structures=structures,
        facts=facts,
        studies=state.studies,
        training=state.clients["training"],
        diagnostic=state.clients["diagnostic"],
        region=state.settings.region,
    )
    return _Asked(sources, service.instant(asOf))


Asked = Annotated[_Asked, Depends(_asked)]


def _documented(one: Format) -> dict[str, Any]:
    content = {one.media: {"schema": {"type": "string", "format": "binary"}}}
    return {
        "response_class": Response,
        "responses": {200: {"content": content}, **_REFUSALS, **problems(StudiesBusy)},
    }


@router.get("/{kind}/{code}.json", response_model=Study, responses=_REFUSALS)
async def read_study_data(request: Request, asked: Asked, kind: Kind, code: Code) -> Response:
    """Read a study as data: its statements, their figures, and the releases of these."""
    return await _handed(formats.JSON, request, asked, kind, code)


@router.get("/{kind}/{code}.html", **_documented(formats.HTML))
async def read_study_page(request: Request, asked: Asked, kind: Kind, code: Code) -> Response:
    """Read a study as one accessible page, complete in itself and without scripts."""
    return await _handed(formats.HTML, request, asked, kind, code)


@router.get("/{kind}/{code}.pdf", **_documented(formats.PDF))
async def download_study(request: Request, asked: Asked, kind: Kind, code: Code) -> Response:
    """Download a study as an accessible PDF; the same study gives the same bytes."""
    return await _handed(formats.PDF, request, asked, kind, code)


@router.get(
    "/{kind}/{code}",
    response_model=Study,
    responses={
        200: {"content": {formats.HTML.media: {}, formats.PDF.media: {}}},
        **_REFUSALS,
        **problems(StudiesBusy, StudyNotAcceptable),
    },
)
async def read_study(
    request: Request,
    asked: Asked,
    kind: Kind,
    code: Code,
    accept: Annotated[str | None, Header()] = None,
) -> Response:
    """Read an impact study as JSON, HTML or PDF, as `Accept` says.

    Every statement names its figures, each with its address, release, formula and source files.
    With `asOf` it is of the figures as they were known at that instant. What training and funding
    answer is of this moment, and is not in a study as of another.
    """
    answer = await _handed(formats.negotiate(accept), request, asked, kind, code)
    answer.headers["vary"] = "Accept, Accept-Language"
    return answer


async def _handed(one: Format, request: Request, asked: _Asked, kind: Kind, code: str) -> Response:
    """Hand out the bytes of a format, or a 304 to whoever holds them."""
    found = await service.study(asked.sources, kind, code, asked.instant)
    body = found.model_dump_json().encode()
    tag = etags.of_bytes(one.ending, request.app.state.settings.release, body)
    headers = {
        **open_data.headers(tag, 0, translated=True),
        **one.headers(f"impact-{found.kind}-{found.code}-{found.language}"),
    }
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    if one.printer is not None:
        press: Press = request.app.state.press
        body = await press.printed(tag, one.printer, found)
    media = f"{one.media}; charset=utf-8" if one is formats.HTML else one.media
    return Response(body, headers=headers, media_type=media)
