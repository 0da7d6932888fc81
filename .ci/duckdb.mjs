// The aggregate of BenchmarkLines by DuckDB on one thread: node .ci/duckdb.mjs lines.jsonl
// It needs @duckdb/node-api in .tools/duckdb, and prints the processor time of a line.
import { createRequire } from "node:module";
import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const { DuckDBInstance } = createRequire(new URL("../.tools/duckdb/", import.meta.url))("@duckdb/node-api");
const times = 20, rounds = 9;
const text = readFileSync(process.argv[2], "utf8").trimEnd() + "\n";
const many = process.argv[2] + ".many";
writeFileSync(many, "");
for (let i = 0; i < times; i++) appendFileSync(many, text);
const lines = times * (text.split("\n").length - 1);

const db = await DuckDBInstance.create(":memory:", { threads: "1" });
const connection = await db.connect();
const query = `select apiKeyId, requestTimeEpoch // 300000 as w, count(*), count(*) filter (status < 400), count(*) filter (status between 400 and 499),
  count(*) filter (status = 403), count(*) filter (status = 404), count(*) filter (status = 429), count(*) filter (status >= 500),
  sum(responseLength), min(requestTimeEpoch), max(requestTimeEpoch), arg_min(extendedRequestId, requestTimeEpoch),
  approx_count_distinct(path), approx_count_distinct(ip), min(path), max(path)
  from read_json('${many}', format = 'newline_delimited', columns = {extendedRequestId: 'varchar', apiKeyId: 'varchar',
  requestTimeEpoch: 'bigint', httpMethod: 'varchar', resourcePath: 'varchar', path: 'varchar', status: 'integer',
  responseLength: 'bigint', responseLatency: 'varchar', ip: 'varchar'}) group by all`;
const took = [];
for (let i = 0; i < rounds; i++) {
  const before = process.cpuUsage();
  await (await connection.runAndReadAll(query)).getRows();
  const { user, system } = process.cpuUsage(before);
  took.push((1000 * (user + system)) / lines);
}
rmSync(many);
console.log("DuckDB", took.sort((a, b) => a - b)[rounds >> 1].toFixed(1), "ns/line");
