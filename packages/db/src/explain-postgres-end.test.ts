import { expect, test } from "vitest";
import { explainPostgresEnd } from "./explain-postgres-end.ts";

test.each([
  ['PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device', /disk is full/],
  ["initdb: error: could not write to file: No space left on device", /disk is full/],
  ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', /its port/],
  ['FATAL:  lock file "postmaster.pid" already exists', /another Postgres/],
  ["FATAL:  database files are incompatible with server", /another version/],
  ['initdb: error: directory "/data" exists but is not empty', /something else/],
  ['FATAL:  data directory "/data" has invalid permissions', /may not use/],
  ["FATAL:  could not map anonymous shared memory: Cannot allocate memory", /memory/],
  ["SIGKILL", /was killed/],
  ["PANIC:  could not locate a valid checkpoint record", /damaged/],
  ['FATAL:  could not open directory "pg_notify": No such file or directory', /missing or damaged/],
  ["SIGQUIT", /outside/],
  ["status 1", /in its log/],
])("%s", (words, sentence) => {
  expect(explainPostgresEnd(words)).toMatch(sentence);
});
