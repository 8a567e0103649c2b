// Bundles what the page uses of Observable Plot into one script that defines
// Plot, with the licences of all that went in, as they ask for. Needs no network.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const target = "dist/plot.js";
const result = await build({
  stdin: {
    contents: `export { plot, dot, gridX, gridY } from "@observablehq/plot";`,
    resolveDir: import.meta.dirname,
  },
  bundle: true, minify: true, format: "iife", globalName: "Plot", target: "es2022",
  legalComments: "none", metafile: true, write: false,
});

// packageOf is the folder of the package that a bundled file belongs to.
function packageOf(file) {
  const parts = file.split("/");
  const at = parts.lastIndexOf("node_modules") + 1;
  return parts.slice(0, at + (parts[at].startsWith("@") ? 2 : 1)).join("/");
}

const used = Object.entries(Object.values(result.metafile.outputs)[0].inputs)
  .filter(([file, { bytesInOutput }]) => file.includes("node_modules/") && bytesInOutput > 0)
  .map(([file]) => packageOf(file));
const notices = await Promise.all([...new Set(used)].sort().map(async (folder) => {
  const { name, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const licence = await readFile(join(folder, "LICENSE"), "utf8");
  return `${name} ${version}\n\n${licence.trim()}\n`;
}));
const header = `/*\nObservable Plot and what it is made of, with their licences.\n\n${notices.join("\n---\n\n").replaceAll("*/", "* /")}*/\n`;
await writeFile(join(dirname(target), "plot.js"), header + result.outputFiles[0].text);
console.log(`${target}: ${Math.round((header.length + result.outputFiles[0].contents.length) / 1024)} KiB, ${notices.length} packages`);
