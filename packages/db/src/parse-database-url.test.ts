import fc from "fast-check";
import pg from "pg";
import { expect, test } from "vitest";
import { parseDatabaseUrl } from "./parse-database-url.ts";

/** What `pg` makes of the URL for one host. */
const readByPg = (url: string) => {
  const { user, password, host, port, database } = new pg.Client({ connectionString: url });
  return { user, password, host, port, database };
};

test.each([
  ["postgresql://u:p@db/x", ["db"], false],
  ["postgres://u:p@db:5433/x", ["db:5433"], false],
  ["postgresql://u:p@db/x?target_session_attrs=read-write", ["db"], true],
  ["postgresql://u:p@db/x?target_session_attrs=primary", ["db"], true],
  ["postgresql://u:p@db/x?target_session_attrs=any", ["db"], false],
  ["postgresql://u:p@one:5432,two:5433/x", ["one:5432", "two:5433"], true],
  [
    "postgresql://u:p@[::1]:5432,[2001:db8::1]/x?target_session_attrs=read-write",
    ["[::1]:5432", "[2001:db8::1]"],
    true,
  ],
  ["postgresql://u@/x?host=/var/run/postgresql", [""], false],
  ["postgresql://db/x", ["db"], false],
] as const)("hosts of %s", (url, hosts, needsPrimary) => {
  expect(parseDatabaseUrl(url)).toMatchObject({ hosts, directHosts: hosts, needsPrimary, database: "x" });
});

test("a pooler has servers behind it, and a pool has a limit; pg reads neither", () => {
  const address = parseDatabaseUrl(
    "postgresql://u:p@pooler:6432/x?sslmode=disable&direct=one:5432,two&connection_limit=3",
  );
  expect(address).toMatchObject({
    hosts: ["pooler:6432"],
    directHosts: ["one:5432", "two"],
    connectionLimit: 3,
  });
  expect(address?.urlOf("two")).toBe("postgresql://u:p@two/x?sslmode=disable");
});

test.each(["connection_limit=0", "connection_limit=-1", "connection_limit=x", "connection_limit=1.5", "a=1"])(
  "%s limits nothing",
  (query) => {
    expect(parseDatabaseUrl(`postgresql://u:p@db/x?${query}`)?.connectionLimit).toBeUndefined();
  },
);

test.each(["mysql://u:p@db/x", "db", "", "postgresql:/db/x"])("%s is no address of a Postgres", (url) => {
  expect(parseDatabaseUrl(url)).toBeUndefined();
});

test.each([
  "p@ss/w:o?r#d",
  "100%",
  "50%off",
  "a&b=c",
  "ü €",
  "+ +",
  "'\"\\`$(x)",
  "[::1]:5432",
  "@",
  "/",
  "?",
  "#",
])("the password %s is used as it is, encoded or not", (password) => {
  for (const written of [password, encodeURIComponent(password)]) {
    const address = parseDatabaseUrl(`postgresql://waxseal:${written}@one:5432,two/x`);
    expect(readByPg(address?.urlOf("one:5432") ?? "")).toEqual({
      ...{ user: "waxseal", password, host: "one", port: 5432, database: "x" },
    });
  }
});

test("any password, encoded, reaches pg unchanged", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (password) => {
      const url = `postgresql://u:${encodeURIComponent(password)}@one,two/x`;
      expect(readByPg(parseDatabaseUrl(url)?.urlOf("two") ?? "").password).toBe(password);
    }),
  );
});
