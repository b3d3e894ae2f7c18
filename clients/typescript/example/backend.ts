/**
 * A partner's back end: OAuth 2 by a certified library (oauth4webapi), then the change feed.
 * `CLIENT_SECRET=… node dist/example/backend.js DOOR CLIENT_ID [CURSOR]`
 */

import * as oauth from "oauth4webapi";
import { vigie } from "../src/index.js";

const [url = "", id = "", cursor] = process.argv.slice(2);
const local = { [oauth.allowInsecureRequests]: new URL(url).protocol === "http:" }; // `make run`

const issuer = new URL(url);
const found = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...local });
const server = await oauth.processDiscoveryResponse(issuer, found);
const client: oauth.Client = { client_id: id };
const proof = oauth.ClientSecretBasic(process.env["CLIENT_SECRET"] ?? "");
const asked = await oauth.clientCredentialsGrantRequest(
  server,
  client,
  proof,
  new URLSearchParams({ scope: "training:feed" }),
  local,
);
const granted = await oauth.processClientCredentialsResponse(server, client, asked);

const door = vigie({ url, token: () => granted.access_token });
let after = cursor;
let more = true;
while (more) {
  const { data } = await door.GET("/v1/training/changes", {
    params: { query: { ...(after ? { after } : {}), limit: 1000 } },
  });
  for (const change of data?.items ?? []) {
    console.log(change.at, change.kind, change.entity, change.entity_id); // your work goes here
  }
  after = data?.next; // keep it where you keep what you did: tomorrow begins there
  more = data?.more ?? false;
}
console.log(JSON.stringify({ cursor: after }));
