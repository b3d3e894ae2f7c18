// oidc-provider, a certified OpenID provider, with the habits of ProConnect:
// node issuer.mjs '{"client", "secret", "returns", "ends", "person": {…}}' prints its issuer.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const told = JSON.parse(process.argv[2]);
const BASE = "/api/v2";
const KNOWN = new Set([
  "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "acr_values",
  "code_challenge", "code_challenge_method", "id_token_hint", "post_logout_redirect_uri",
]);
const SCOPES = ["openid", "given_name", "usual_name", "email", "uid", "siret", "idp_id", "phone"];
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}${BASE}`;

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...key, kid: "one", use: "sig", alg: "RS256" }] },
  cookies: { keys: ["not a secret"] },
  clients: [
    {
      client_id: told.client,
      client_secret: told.secret,
      redirect_uris: [told.returns],
      post_logout_redirect_uris: [told.ends],
      token_endpoint_auth_method: "client_secret_post",
      userinfo_signed_response_alg: "RS256",
    },
  ],
  scopes: SCOPES,
  claims: Object.fromEntries([
    ["acr", null],
    ...SCOPES.map((scope) => [scope, scope === "openid" ? ["sub"] : [scope]]),
  ]),
  acrValues: ["eidas1", "eidas2"],
  ttl: { AuthorizationCode: 30, AccessToken: 60, IdToken: 60, Interaction: 60, Session: 43200, Grant: 60 },
  features: {
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (context, form) => {
        context.body = form;
      },
    },
  },
  routes: { authorization: "/authorize", end_session: "/session/end" },
  interactions: { url: (_, interaction) => `${BASE}/interaction/${interaction.uid}` },
  findAccount: (_, accountId) => ({
    accountId,
    claims: () => ({ sub: accountId, ...told.person }),
  }),
  async loadExistingGrant(context) {
    const { client, session, params } = context.oidc;
    const grant = new context.oidc.provider.Grant({
      clientId: client.clientId,
      accountId: session.accountId,
    });
    grant.addOIDCScope(params.scope);
    await grant.save();
    return grant;
  },
});

function refused(url) {
  const names = [...url.searchParams.keys()];
  const lengths = ["state", "nonce"].map((name) => (url.searchParams.get(name) ?? "").length);
  return names.some((name) => !KNOWN.has(name)) || Math.min(...lengths) < 32;
}

server.on("request", async (request, response) => {
  const url = new URL(request.url, issuer);
  if (url.pathname.startsWith(`${BASE}/interaction/`)) {
    const login = { accountId: told.person.sub, acr: told.acr ?? "eidas1" };
    await provider.interactionFinished(request, response, { login });
  } else if (url.pathname === `${BASE}/authorize` && refused(url)) {
    response.writeHead(400).end("Y000400");
  } else if (url.pathname.startsWith(BASE)) {
    request.originalUrl = request.url;
    request.url = request.url.slice(BASE.length);
    provider.callback()(request, response);
  } else {
    response.writeHead(404).end();
  }
});
provider.on("server_error", (_, error) => console.error(error));
provider.on("authorization.error", (_, error) => console.error(error));
provider.on("grant.error", (_, error) => console.error(error));
console.log(issuer);
