"""Token endpoints, key set and metadata: what any OAuth 2 client library looks for."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from gateway.settings import Settings
from gateway.tokens import dpop
from gateway.tokens import grant as grants
from gateway.tokens import service as tokens
from gateway.tokens.authentication import Desk, IssuerUnavailable, TokensUnavailable
from gateway.tokens.keys import Keys
from gateway.tokens.schemas import (
    ABOUT,
    FORM,
    IntrospectionRead,
    JwksRead,
    MetadataRead,
    TokenError,
    TokenRead,
)
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.errors import problems
from platformkit.reads import Reads, Writes

router = APIRouter(tags=["tokens"])
_UNSTORED = {"cache-control": "no-store", "pragma": "no-cache"}
_PUBLISHED = {"cache-control": "public, max-age=300"}
_REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": TokenError, "description": "RFC 6749 §5.2"},
    401: {"model": TokenError, "description": "`invalid_client`"},
    **problems(TokensUnavailable, IssuerUnavailable),
}
_SECRETS: Final = [public(), counted_as("token")]
_METHODS: Final = ["client_secret_basic", "client_secret_post", "private_key_jwt"]


async def _desk(request: Request, reads: Reads, writes: Writes) -> Desk:
    state = request.app.state
    return Desk(state.settings, reads, writes, state.key_sets, state.proofs)


AtDesk = Annotated[Desk, Depends(_desk)]


async def sent(request: Request) -> tuple[str, str, bytes]:
    """Give type, `Authorization` and body of a form."""
    headers = request.headers
    return headers.get("content-type", ""), headers.get("authorization", ""), await request.body()


def refused(request: Request, refusal: grants.GrantRefused) -> JSONResponse:
    """Say what is wrong as RFC 6749 §5.2 does."""
    is_unknown = refusal.error == "invalid_client"
    if is_unknown:
        request.app.state.denials.count(None, "", "invalid-client")
    told = {"www-authenticate": 'Basic realm="vigie", charset="UTF-8"'} if is_unknown else {}
    if refusal.error == "use_dpop_nonce":
        told = request.app.state.proofs.nonce()
    body = {"error": refusal.error, "error_description": refusal.description}
    return JSONResponse(body, 401 if is_unknown else 400, _UNSTORED | told)


@router.post(
    "/oauth2/token",
    dependencies=_SECRETS,
    response_model=TokenRead,
    openapi_extra=FORM,
    responses=_REFUSALS,
)
async def request_token(request: Request, desk: AtDesk) -> JSONResponse:
    """Give an access token for client credentials, a person's code, or a token from elsewhere.

    The client proves itself by its secret, in the Basic header or in the form, or by an assertion
    that it signed (`private_key_jwt`, RFC 7523). With a `DPoP` header the token is bound to the
    key of that proof (RFC 9449). With a `code` the client need not prove itself when it runs in a
    browser; with `subject_token` (RFC 8693) it always does.
    """
    try:
        asked = grants.read(*await sent(request))
        give: tokens.Grant = request.app.state.grants[type(asked.grounds)]
        granted = await give(desk, request.app.state.keys, asked, request.headers.getlist("dpop"))
    except grants.GrantRefused as refusal:
        return refused(request, refusal)
    is_exchanged = isinstance(asked.grounds, grants.Subject)
    read = TokenRead(
        access_token=granted.token,
        token_type=granted.type,
        expires_in=granted.seconds,
        scope=" ".join(sorted(granted.scopes)),
        issued_token_type=grants.ACCESS_TOKEN if is_exchanged else None,
    )
    return JSONResponse(read.model_dump(exclude_none=True), headers=_UNSTORED)


@router.post("/oauth2/revoke", dependencies=_SECRETS, openapi_extra=ABOUT, responses=_REFUSALS)
async def revoke_token(request: Request, desk: AtDesk) -> Response:
    """Give a token back: every gateway refuses it within five seconds (RFC 7009)."""
    try:
        asked = grants.read_about(*await sent(request))
        await tokens.revoke(desk, request.app.state.verifier, asked)
    except grants.GrantRefused as refusal:
        return refused(request, refusal)
    return Response(headers=_UNSTORED)


@router.post(
    "/oauth2/introspect",
    dependencies=_SECRETS,
    response_model=IntrospectionRead,
    response_model_exclude_none=True,
    openapi_extra=ABOUT,
    responses=_REFUSALS,
)
async def introspect_token(request: Request, desk: AtDesk) -> JSONResponse:
    """Tell what a token of your organisation is worth (RFC 7662); of any other, `active: false`."""
    try:
        asked = grants.read_about(*await sent(request))
        told = await tokens.introspect(desk, request.app.state.verifier, asked)
    except grants.GrantRefused as refusal:
        return refused(request, refusal)
    read = IntrospectionRead.model_validate(told)
    return JSONResponse(read.model_dump(exclude_none=True), headers=_UNSTORED)


@router.get("/.well-known/jwks.json", dependencies=[public()], response_model=JwksRead)
async def read_jwks(request: Request) -> JSONResponse:
    """Publish the public keys; during a rotation the old and the new one."""
    keys: Keys = request.app.state.keys
    return JSONResponse(keys.jwks(), headers=_PUBLISHED)


@router.get(
    "/.well-known/oauth-authorization-server",
    dependencies=[public()],
    response_model=MetadataRead,
)
async def read_metadata(request: Request) -> JSONResponse:
    """Say where tokens are given and how (RFC 8414)."""
    settings: Settings = request.app.state.settings
    scopes: frozenset[str] = request.app.state.scopes
    read = MetadataRead(
        issuer=settings.issuer,
        token_endpoint=f"{settings.issuer}/oauth2/token",
        revocation_endpoint=f"{settings.issuer}/oauth2/revoke",
        introspection_endpoint=f"{settings.issuer}/oauth2/introspect",
        jwks_uri=f"{settings.issuer}/.well-known/jwks.json",
        scopes_supported=sorted(scopes),
        authorization_endpoint=f"{settings.issuer}/oauth2/authorize",
        end_session_endpoint=f"{settings.issuer}/oauth2/logout",
        response_types_supported=["code"],
        response_modes_supported=["query"],
        code_challenge_methods_supported=["S256"],
        authorization_response_iss_parameter_supported=True,
        vigie_issuers=sorted(request.app.state.people.providers),
        grant_types_supported=list(grants.GRANTS),
        token_endpoint_auth_methods_supported=[*_METHODS, "none"],
        token_endpoint_auth_signing_alg_values_supported=dpop.ALGORITHMS,
        revocation_endpoint_auth_methods_supported=_METHODS,
        revocation_endpoint_auth_signing_alg_values_supported=dpop.ALGORITHMS,
        introspection_endpoint_auth_methods_supported=_METHODS,
        introspection_endpoint_auth_signing_alg_values_supported=dpop.ALGORITHMS,
        dpop_signing_alg_values_supported=dpop.ALGORITHMS,
        service_documentation=f"{settings.issuer}/docs",
    )
    return JSONResponse(read.model_dump(), headers=_PUBLISHED)
