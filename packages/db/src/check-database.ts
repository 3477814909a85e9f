import type pg from "pg";
import { createClient } from "./connect.ts";

/** A database that the schema cannot be made in; the message says why, and what to do. */
export class UnsuitableDatabase extends Error {
  override name = "UnsuitableDatabase";
}

/** What a database says of itself. */
export type DatabaseTraits = {
  name: string;
  /** As `server_version_num`, e.g. 150008. */
  version: number;
  encoding: string;
  /** Whether this build of Postgres has ICU. */
  hasIcu: boolean;
  /** Version of the collation that indexes were built with, and that of the library which is in use; null: it has none. */
  collation: { built: string | null; used: string | null };
};

const LEAST_MAJOR = 15;

/** Reads the traits of a database. Works on any version of Postgres, and without a schema. */
export async function readDatabaseTraits(databaseUrl: string): Promise<DatabaseTraits> {
  const client = createClient(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<Omit<DatabaseTraits, "collation">>(
      `select current_database()::text as name, current_setting('server_version_num')::int as version,
        current_setting('server_encoding') as encoding,
        exists (select from pg_collation where collprovider = 'i') as "hasIcu"`,
    );
    const [traits] = rows;
    if (!traits) throw new Error("The database did not return its version.");
    return { ...traits, collation: await readCollation(client, traits.version) };
  } finally {
    await client.end();
  }
}

async function readCollation(client: pg.Client, version: number): Promise<DatabaseTraits["collation"]> {
  const none = { built: null, used: null };
  if (version < LEAST_MAJOR * 10_000) return none;
  const { rows } = await client.query<DatabaseTraits["collation"]>(
    `select datcollversion as built, pg_database_collation_actual_version(oid) as used
      from pg_database where datname = current_database()`,
  );
  return rows[0] ?? none;
}

/** Why the schema cannot be made in such a database, and what to do; undefined when it can. Pure. */
export function explainUnsuitable({ name, version, encoding, hasIcu }: DatabaseTraits): string | undefined {
  const major = Math.floor(version / 10_000);
  if (major < LEAST_MAJOR)
    return `This is Postgres ${major}. Waxseal needs ${LEAST_MAJOR} or newer: upgrade the server first.`;
  if (encoding !== "UTF8")
    return `The database ${name} has the encoding ${encoding}. Waxseal needs UTF8, which a database gets when it is created: \`createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 --owner=waxseal ${name}\`, after \`dropdb ${name}\` if nothing is in it.`;
  if (!hasIcu)
    return "This Postgres was built without ICU, which lists of domains are ordered with. Use a build with ICU, as Debian's and the official images are.";
  return undefined;
}

/**
 * Refuses a database that the schema cannot be made in, before anything is changed.
 * @throws UnsuitableDatabase
 */
export async function requireSuitableDatabase(databaseUrl: string): Promise<void> {
  const text = explainUnsuitable(await readDatabaseTraits(databaseUrl));
  if (text) throw new UnsuitableDatabase(text);
}
