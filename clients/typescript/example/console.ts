/** The same without a browser: `node dist/example/console.js DOOR KEY ROME`. */

import { VigieProblem, vigie } from "../src/index.js";
import { sheet } from "./job.js";

const [url = "", key = "", rome = "M1805"] = process.argv.slice(2);
try {
  console.log(JSON.stringify(await sheet(vigie({ url, key, language: "en" }), rome)));
} catch (failure) {
  if (!(failure instanceof VigieProblem)) throw failure;
  console.log(JSON.stringify({ refused: failure.problem }));
}
