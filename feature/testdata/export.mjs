// Makes export.parquet with Arrow's Rust library, and reads what akin wrote with
// --out FILE.parquet as that library, Polars and DuckDB read it.
//
//     npm install parquet-wasm@0.8.0 apache-arrow@21.2.0 @duckdb/node-api@1.5.6-r.1 \
//         nodejs-polars@0.26.1 nodejs-polars-linux-x64-gnu@0.26.1
//     node export.mjs                                  # writes export.parquet
//     node export.mjs features.parquet features.npy    # which hold the same vectors

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import * as arrow from "apache-arrow";
import pl from "nodejs-polars";
import * as parquet from "parquet-wasm";

const text = new arrow.Utf8();
const list = (dim) => new arrow.FixedSizeList(dim, new arrow.Field("element", new arrow.Float32()));
const schema = (dim) =>
  new arrow.Schema([
    new arrow.Field("path", text),
    new arrow.Field("sha256", text),
    new arrow.Field("feature", list(dim)),
  ]);

function make(file) {
  const rows = [0, 1, 2];
  const columns = {
    path: arrow.vectorFromArray(rows.map((i) => `p${i}`), text),
    sha256: arrow.vectorFromArray(rows.map((i) => createHash("sha256").update(`${i}`).digest("hex")), text),
    feature: arrow.vectorFromArray(rows.map((i) => [i, Math.PI, -1e-30]), list(3)),
  };
  const table = new arrow.Table(schema(3), columns);
  writeFileSync(file, parquet.writeParquet(parquet.Table.fromIPCStream(arrow.tableToIPC(table))));
}

// readNPY gives the bytes of the values and the length of a row.
function readNPY(file) {
  const data = readFileSync(file);
  const start = 10 + data.readUInt16LE(8);
  const [, dim] = /\((\d+), (\d+)\)/.exec(data.toString("latin1", 10, start)).slice(1).map(Number);
  return { dim, bytes: data.subarray(start) };
}

const bytes = (floats) => Buffer.from(Float32Array.from(floats).buffer);

async function check(file, npy) {
  const want = readNPY(npy);

  const table = arrow.tableFromIPC(parquet.readParquet(readFileSync(file)).intoIPCStream());
  assert.ok(arrow.util.compareSchemas(table.schema, schema(want.dim)), String(table.schema));
  const values = table.getChild("feature").data.map(({ children: [v] }) => Buffer.from(v.values.slice().buffer));
  assert.ok(want.bytes.equals(Buffer.concat(values)), "Arrow reads other values");
  console.log("Arrow", String(table.schema));

  const frame = pl.readParquet(file);
  assert.deepEqual(frame.schema.feature, pl.FixedSizeList(pl.Float32, want.dim));
  assert.ok(want.bytes.equals(bytes(frame.getColumn("feature").toArray().flatMap((v) => [...v]))), "Polars reads other values");
  console.log("Polars", String(frame.schema.feature));

  const duck = await (await DuckDBInstance.create()).connect();
  const rows = await duck.runAndReadAll(`SELECT feature, feature::FLOAT[${want.dim}] FROM '${file}'`);
  assert.ok(want.bytes.equals(bytes(rows.getColumns()[1].flatMap((v) => v.items))), "DuckDB reads other values");
  console.log("DuckDB", rows.columnTypes().join(", cast to "));
}

const [file, npy] = process.argv.slice(2);
if (file) await check(file, npy);
else make(new URL("export.parquet", import.meta.url));
