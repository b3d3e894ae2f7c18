/** The Vigie API, typed: every path, parameter, body and answer is checked against the contract. */

import createClient, { type Client } from "openapi-fetch";
import type { Problem, paths } from "./schema.js";

export type * from "./schema.js";

/** A refusal (RFC 9457): compare `code`; `errors` names every fault; quote `trace_id`. */
export class VigieProblem extends Error {
  constructor(
    readonly problem: Problem,
    readonly response: Response,
  ) {
    super(`${problem.status} ${problem.code}: ${problem.detail ?? problem.title}`);
  }
}

export interface Options {
  /** Where the door is, such as `https://vigie.example`. */
  readonly url: string;
  /** A publishable key in a page, a secret key in a back end; open data need none. */
  readonly key?: string;
  /** Instead of a key: gives the access token for each request; a back end's OAuth library renews it. */
  readonly token?: () => string | Promise<string>;
  readonly language?: "fr" | "en";
  /** Another `fetch`, for tests and proxies. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export type Vigie = Client<paths>;

/** Open the door; whatever it refuses is thrown as a `VigieProblem`. */
export function vigie({ url, key, token, language = "fr", fetch }: Options): Vigie {
  const client = createClient<paths>({
    baseUrl: url.replace(/\/$/, ""),
    headers: { "accept-language": language, ...(key && { "x-api-key": key }) },
    ...(fetch && { fetch }),
  });
  client.use({
    async onRequest({ request }) {
      if (token) request.headers.set("authorization", `Bearer ${await token()}`);
    },
    async onResponse({ response }) {
      if (response.headers.get("content-type")?.startsWith("application/problem+json")) {
        throw new VigieProblem((await response.json()) as Problem, response);
      }
    },
  });
  return client;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string | null | undefined;
}

/**
 * Walk a whole list, page by page:
 * `for await (const one of items((after) => door.GET(path, {params: {query: {after}}})))`
 */
export async function* items<Item>(
  read: (after?: string) => Promise<{ data?: Page<Item> | undefined }>,
): AsyncGenerator<Item, void, void> {
  let after: string | undefined;
  do {
    const { data } = await (after === undefined ? read() : read(after));
    yield* data?.items ?? [];
    after = data?.next ?? undefined;
  } while (after !== undefined);
}
