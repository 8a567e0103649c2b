// Bundles the page of those who take part, jsPsych and its plugins among it, into
// one script, with the licences of all that went in. Needs no network.
import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const target = "dist/study.js";
const result = await build({
  entryPoints: ["src/main.js"], bundle: true, minify: true, format: "iife", target: "es2022",
  legalComments: "none", metafile: true, write: false,
});

// packageOf is the folder of the package that a bundled file belongs to.
function packageOf(file) {
  const parts = file.split("/");
  const at = parts.lastIndexOf("node_modules") + 1;
  return parts.slice(0, at + (parts[at].startsWith("@") ? 2 : 1)).join("/");
}

// The licence of packages that say MIT in package.json and ship no text of it.
const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

async function licenceOf(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  if (file) return `${name} ${version}\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`;
  if (license !== "MIT") throw new Error(`${name} has no text of its licence, ${license}`);
  return `${name} ${version}\n\nThe MIT License. Copyright (c) ${author?.name ?? author} and contributors\n\n${mit}\n`;
}

const used = Object.entries(Object.values(result.metafile.outputs)[0].inputs)
  .filter(([file, { bytesInOutput }]) => file.includes("node_modules/") && bytesInOutput > 0)
  .map(([file]) => packageOf(file));
const notices = await Promise.all([...new Set(used)].sort().map(licenceOf));
const header = `/*\nThe page is made with these packages.\n\n${notices.join("\n---\n\n").replaceAll("*/", "* /")}*/\n`;
await writeFile(target, header + result.outputFiles[0].text);
console.log(`${target}: ${Math.round((header.length + result.outputFiles[0].contents.length) / 1024)} KiB, ${notices.length} packages`);
