import { once } from "node:events";
import { createServer } from "node:net";
import { expect, inject, test } from "vitest";
import { openDatabase } from "./database.ts";
import { explainDatabaseError } from "./explain-database-error.ts";

const template = inject("templateDatabaseUrl");

/** What is said when a connection with a changed URL fails, or `ask` does. */
async function wordsFor(change: (url: URL) => void, query = "select 1") {
  const url = new URL(template);
  change(url);
  const db = openDatabase(url.href, { poolSize: 1 });
  const error = await db.$queryRawUnsafe(query).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  await db.$disconnect();
  return explainDatabaseError(error, url.href);
}

test("a closed port is a database that does not answer, by host and port", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  const words = await wordsFor((url) => {
    url.hostname = "127.0.0.1";
    url.port = String(port);
  });
  expect(words).toBe(
    `The database at 127.0.0.1:${port} does not answer. Check that it runs, then try again.`,
  );
});

test("a wrong password, a missing database, a missing table and an unknown host are each named, the password never", async () => {
  const refused = await wordsFor((url) => {
    url.password = "hush-hush";
  });
  expect(refused).toMatch(/refused the user \S+ or the password/);
  expect(refused).not.toContain("hush");
  const missing = await wordsFor((url) => {
    url.pathname = "/no_such_database";
  });
  expect(missing).toMatch(/has no database named no_such_database\./);
  const table = await wordsFor(() => undefined, "select * from no_such_table");
  expect(table).toMatch(/lacks tables/);
});

test.each([
  ["a text that mentions a code", new Error("row 40001 lost; ECONNREFUSED")],
  ["a bug", new TypeError("x is not a function")],
  [
    "a name that another server has not",
    Object.assign(new Error("x"), { code: "ENOTFOUND", command: "CONN" }),
  ],
  ["nothing", undefined],
])("%s says nothing about the database", (_, error) => {
  expect(explainDatabaseError(error)).toBeUndefined();
});
