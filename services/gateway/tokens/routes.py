"""Token endpoint, key set and metadata: what any OAuth 2 client library looks for."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from gateway.settings import Settings
from gateway.tokens import grant as grants
from gateway.tokens import service as tokens
from gateway.tokens.keys import Keys
from gateway.tokens.schemas import FORM, JwksRead, MetadataRead, TokenError, TokenRead
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.reads import Reads

router = APIRouter(tags=["tokens"])
_UNSTORED = {"cache-control": "no-store", "pragma": "no-cache"}
_PUBLISHED = {"cache-control": "public, max-age=300"}


@router.post(
    "/oauth2/token",
    dependencies=[public()],
    response_model=TokenRead,
    openapi_extra=FORM,
    responses={
        400: {"model": TokenError, "description": "RFC 6749 §5.2"},
        401: {"model": TokenError, "description": "`invalid_client`"},
        **problems(tokens.TokensUnavailable),
    },
)
async def request_token(request: Request, reads: Reads) -> JSONResponse:
    """Give an access token for client credentials, in the Basic header or in the form."""
    state = request.app.state
    try:
        asked = grants.read(
            request.headers.get("content-type", ""),
            request.headers.get("authorization", ""),
            await request.body(),
        )
        granted = await tokens.grant(reads, state.keys, state.settings, asked)
    except grants.GrantRefused as refusal:
        refused = refusal.error == "invalid_client"
        told = {"www-authenticate": 'Basic realm="vigie", charset="UTF-8"'} if refused else {}
        body = {"error": refusal.error, "error_description": refusal.description}
        return JSONResponse(body, 401 if refused else 400, _UNSTORED | told)
    read = TokenRead(
        access_token=granted.token,
        token_type="Bearer",  # noqa: S106  # the RFC's word, not a secret
        expires_in=granted.seconds,
        scope=" ".join(sorted(granted.scopes)),
    )
    return JSONResponse(read.model_dump(), headers=_UNSTORED)


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
        jwks_uri=f"{settings.issuer}/.well-known/jwks.json",
        scopes_supported=sorted(scopes),
        response_types_supported=[],
        grant_types_supported=["client_credentials"],
        token_endpoint_auth_methods_supported=["client_secret_basic", "client_secret_post"],
        service_documentation=f"{settings.issuer}/docs",
    )
    return JSONResponse(read.model_dump(), headers=_PUBLISHED)
