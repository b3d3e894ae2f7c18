"""HTTP of signing in: redirects of a browser between an application, the gateway and an issuer."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from gateway.people import logins, sessions
from gateway.people.logins import Asked, LoginLost, Returned, ReturnRefused, Step
from gateway.people.sessions import Leaving
from gateway.tokens import grant as grants
from gateway.tokens.authentication import TokensUnavailable
from gateway.tokens.routes import AtDesk, refused, sent
from gateway.tokens.schemas import form
from platformkit.auth import public
from platformkit.errors import BadRequest, problems
from platformkit.i18n import Text

router = APIRouter(tags=["people"], dependencies=[public()])
_UNSTORED: Final = {"cache-control": "no-store"}
_SEE_OTHER: Final = 303
_LONG: Final = 500
_CODE: Final = 4_096
_OR_RFC_6749: Final = {"application/json": {"schema": {"$ref": "#/components/schemas/TokenError"}}}
_LEAVING: Final = form(
    "token",
    "client_id",
    "post_logout_redirect_uri",
    token={"type": "string"},
    client_id={"type": "string"},
    post_logout_redirect_uri={"type": "string"},
    state={"type": "string"},
)


class ParameterRepeated(BadRequest):
    """Each parameter is there once (RFC 6749 §3.1)."""

    code = "parameter-repeated"
    title = Text("Paramètre répété", "Parameter repeated")


def _once(request: Request) -> None:
    given = request.query_params
    if len(given.multi_items()) > len(given):
        raise ParameterRepeated


def _go(step: Step) -> RedirectResponse:
    answer = RedirectResponse(step.url, _SEE_OTHER, _UNSTORED)
    if step.cookie is not None:
        name, value = step.cookie
        answer.set_cookie(
            name,
            value,
            max_age=logins.SECONDS if value else 0,
            path="/",
            secure=True,
            httponly=True,
            samesite="lax",
        )
    return answer


@router.get(
    "/oauth2/authorize",
    status_code=_SEE_OTHER,
    response_class=RedirectResponse,
    responses=problems(ReturnRefused, ParameterRepeated, TokensUnavailable),
)
async def begin_sign_in(
    request: Request,
    desk: AtDesk,
    client_id: Annotated[str, Query(max_length=64)],
    redirect_uri: Annotated[str, Query(max_length=_LONG)],
    response_type: Annotated[str | None, Query(max_length=_LONG)] = None,
    code_challenge: Annotated[str | None, Query(max_length=_LONG)] = None,
    code_challenge_method: Annotated[str | None, Query(max_length=_LONG)] = None,
    scope: Annotated[str, Query(max_length=1_000)] = "",
    state: Annotated[str | None, Query(max_length=_LONG, pattern=r"^[\x20-\x7e]*$")] = None,
    issuer: Annotated[str | None, Query(max_length=32)] = None,
) -> RedirectResponse:
    """Send a person to sign in at an issuer (RFC 6749 §4.1.1, PKCE with S256 always).

    `redirect_uri` is one of the client's return addresses, letter for letter; `issuer` is one of
    `vigie_issuers` in the metadata, and can be left out where there is one.
    """
    _once(request)
    asked = Asked(
        client_id=client_id,
        return_url=redirect_uri,
        response_type=response_type,
        challenge=code_challenge,
        method=code_challenge_method,
        scope=scope,
        state=state,
        issuer=issuer,
    )
    return _go(await logins.begin(request.app.state.people, desk, asked))


@router.get(
    "/oauth2/callback/{issuer}",
    status_code=_SEE_OTHER,
    response_class=RedirectResponse,
    responses=problems(LoginLost, ReturnRefused, ParameterRepeated, TokensUnavailable),
)
async def finish_sign_in(
    request: Request,
    desk: AtDesk,
    issuer: str,
    state: Annotated[str, Query(min_length=1, max_length=_LONG)],
    code: Annotated[str | None, Query(max_length=_CODE)] = None,
    iss: Annotated[str | None, Query(max_length=_LONG)] = None,
    session_state: Annotated[str | None, Query(max_length=_LONG)] = None,  # Keycloak's
    error: Annotated[str | None, Query(max_length=_LONG)] = None,
    error_description: Annotated[str | None, Query(max_length=_CODE)] = None,  # not for us
    error_uri: Annotated[str | None, Query(max_length=_LONG)] = None,  # likewise
) -> RedirectResponse:
    """Take a person back from the issuer, and send them to the application with a code for it.

    Where the issuer, or the person's place here, does not allow it, `error` says so (RFC 6749
    §4.1.2.1); `iss` is this gateway (RFC 9207).
    """
    _once(request)
    people = request.app.state.people
    returned = Returned(state, code, iss, has_error=error is not None)
    step, reason = await logins.finish(people, desk, issuer, returned, request.cookies)
    if reason:
        request.app.state.denials.count(None, "", reason)
    return _go(step)


_LEFT: Final = problems(ReturnRefused, TokensUnavailable)
_LEFT[ReturnRefused.status]["content"] |= _OR_RFC_6749  # a redirect has no model of its own


@router.post(
    "/oauth2/logout",
    status_code=_SEE_OTHER,
    response_class=RedirectResponse,
    openapi_extra=_LEAVING,
    responses=_LEFT,
)
async def sign_out(request: Request, desk: AtDesk) -> Response:
    """End a person's session: every gateway refuses its token within five seconds.

    Send it as a form of the page, so that the browser follows: to the issuer, which ends its own
    session, and back to one of the client's return addresses with your `state`.
    """
    content_type, _, body = await sent(request)
    try:
        given = grants.form_of(content_type, body)
        needed = grants.needed(given, "token", "client_id", "post_logout_redirect_uri")
    except grants.GrantRefused as refusal:
        return refused(request, refusal)
    token, client_id, return_url = needed
    leaving = Leaving(token, client_id, return_url, given.get("state"))
    return _go(Step(await sessions.leave(request.app.state.people, desk, leaving)))


@router.get(
    "/oauth2/logged-out",
    status_code=_SEE_OTHER,
    response_class=RedirectResponse,
    responses=problems(LoginLost, ParameterRepeated),
)
async def finish_sign_out(
    request: Request, state: Annotated[str, Query(max_length=_CODE)]
) -> RedirectResponse:
    """Take a person back from the issuer's end of session to the application."""
    _once(request)
    return _go(Step(sessions.left(request.app.state.people, state)))
