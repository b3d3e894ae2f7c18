// An application with oauth4webapi that people sign in to: prints where to send the browser, reads
// from its standard input where the browser came back to, and prints the token.
import { createInterface } from "node:readline/promises";
import * as oauth from "oauth4webapi";

const told = JSON.parse(process.argv[2]);
const client = { client_id: told.client };
const pair = await oauth.generateKeyPair("ES256");
const options = {
  DPoP: oauth.DPoP(client, pair),
  [oauth.allowInsecureRequests]: true,
  [oauth.customFetch]: (url, init) => fetch(String(url).replace(told.issuer, told.url), init),
};
const issuer = new URL(told.issuer);
const discovered = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...options });
const server = await oauth.processDiscoveryResponse(issuer, discovered);

const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const there = new URL(server.authorization_endpoint);
there.search = new URLSearchParams({
  client_id: client.client_id,
  redirect_uri: told.returns,
  response_type: "code",
  scope: "overviews:read",
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
});
console.log(there.href);

const input = createInterface({ input: process.stdin });
const back = new URL((await input[Symbol.asyncIterator]().next()).value);
input.close();
const answer = oauth.validateAuthResponse(server, client, back, state);
const given = await oauth.authorizationCodeGrantRequest(
  server, client, oauth.None(), answer, told.returns, verifier, options,
);
console.log(JSON.stringify(await oauth.processAuthorizationCodeResponse(server, client, given)));
