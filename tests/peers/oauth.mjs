// oauth4webapi, a certified OAuth client, against a gateway: node oauth.mjs '{"url", "issuer", …}'
import * as oauth from "oauth4webapi";

const told = JSON.parse(process.argv[2]);
const options = {
  [oauth.allowInsecureRequests]: true,
  [oauth.customFetch]: (url, init) => fetch(String(url).replace(told.issuer, told.url), init),
};
const issuer = new URL(told.issuer);
const discovered = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...options });
const server = await oauth.processDiscoveryResponse(issuer, discovered);

async function token(client, proof, scope) {
  const asked = new URLSearchParams({ scope });
  const answer = await oauth.clientCredentialsGrantRequest(server, client, proof, asked, options);
  return oauth.processClientCredentialsResponse(server, client, answer);
}

async function verified(accessToken) {
  const headers = { authorization: `Bearer ${accessToken}` };
  const request = new Request(`${told.url}/v1/anything`, { headers });
  return oauth.validateJwtAccessToken(server, request, told.audience, options);
}

async function introspected(client, proof, accessToken) {
  const answer = await oauth.introspectionRequest(server, client, proof, accessToken, options);
  return oauth.processIntrospectionResponse(server, client, answer);
}

const client = { client_id: told.client };
const secret = oauth.ClientSecretBasic(told.secret);
const first = await token(client, secret, "overviews:read");
const before = await introspected(client, secret, first.access_token);
const revoked = await oauth.revocationRequest(server, client, secret, first.access_token, options);
await oauth.processRevocationResponse(revoked);

const kind = { name: "ECDSA", namedCurve: "P-256" };
const key = await crypto.subtle.importKey("jwk", told.jwk, kind, false, ["sign"]);
const signer = { client_id: told.signer };
const signed = await token(signer, oauth.PrivateKeyJwt({ key, kid: "ec" }), "overviews:read");

let refusal;
try {
  await token(client, oauth.ClientSecretPost("wrong"), "overviews:read");
} catch (error) {
  refusal = [error.code, error.status];
}

const pair = await oauth.generateKeyPair("ES256");
const dpop = oauth.DPoP(client, pair);
async function boundToken() {
  const asked = new URLSearchParams({ scope: "overviews:read" });
  const withProof = { ...options, DPoP: dpop };
  const answer = await oauth.clientCredentialsGrantRequest(server, client, secret, asked, withProof);
  return oauth.processClientCredentialsResponse(server, client, answer);
}
async function againWithNonce(attempt) {
  try {
    return await attempt();
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return attempt();
  }
}
const bound = await againWithNonce(boundToken);
const resource = new URL("/v1/overviews/jobs/M1607?lang=fr", told.issuer);
const use = () =>
  oauth.protectedResourceRequest(bound.access_token, "GET", resource, undefined, undefined, {
    ...options,
    DPoP: dpop,
  });
const used = [(await againWithNonce(use)).status, (await use()).status];

const claims = await verified(signed.access_token);
console.log(JSON.stringify({ bound, used, first, before, claims, refusal, revoked: first.access_token }));
