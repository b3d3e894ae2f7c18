/** The page of `page.html?door=…&key=…&rome=M1805`. */

import { VigieProblem, vigie } from "../src/index.js";
import { sheet } from "./job.js";

const asked = new URLSearchParams(location.search);
const main = document.querySelector("main")!;

function line(name: string, text: string): void {
  const element = document.createElement(name);
  element.textContent = text; // never innerHTML: titles come from elsewhere
  main.append(element);
}

try {
  const door = vigie({ url: asked.get("door") ?? "", key: asked.get("key") ?? "" });
  const shown = await sheet(door, asked.get("rome") ?? "M1805");
  line("h1", shown.label);
  line("p", `Exposition à l’IA générative : ${shown.exposure?.toLocaleString("fr") ?? "inconnue"}`);
  for (const certification of shown.certifications) line("li", certification);
  for (const part of shown.missing) line("em", `Indisponible : ${part}`);
} catch (failure) {
  line("strong", failure instanceof VigieProblem ? failure.message : String(failure));
}
