/** What the contract does not know does not compile: the build fails where one of these would. */

import { vigie } from "../src/index.js";

const door = vigie({ url: "http://127.0.0.1" });
// @ts-expect-error  no such path
await door.GET("/v1/training/nowhere");
// @ts-expect-error  no such parameter
await door.GET("/v1/training/certifications", { params: { query: { rome: "M1805" } } });
const { data } = await door.GET("/v1/training/certifications", {});
// @ts-expect-error  no such field
console.log(data?.wrong);
