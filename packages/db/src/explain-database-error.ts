import { UnsuitableDatabase } from "./check-database.ts";
import { isDatabaseAway, isSerializationFailure, listErrorCodes } from "./classify-error.ts";
import { parseDatabaseUrl } from "./parse-database-url.ts";

type Place = { server: string; database: string; user: string };

/** SQLSTATEs with the codes that Prisma and its adapter have for them, and what each means. */
const SENTENCES: readonly [codes: readonly string[], say: (place: Place) => string][] = [
  [
    ["28P01", "28000", "P1000", "P1010"],
    ({ server, user }) => `${server} refused the user ${user} or the password. Check both in DATABASE_URL.`,
  ],
  [
    ["3D000", "P1003"],
    ({ server, database }) =>
      `${server} has no database named ${database}. Create it, or correct DATABASE_URL.`,
  ],
  [["53300", "P2037"], ({ server }) => `${server} has no free connection. Try again in a moment.`],
  [["57P03"], ({ server }) => `${server} is starting or stopping. Try again in a moment.`],
  [
    ["42P01", "42703", "P2021", "P2022"],
    ({ server }) =>
      `${server} lacks tables or columns of this version. Run \`waxseal db migrate\`, then try again.`,
  ],
  [["42501"], ({ server, user }) => `${server} does not permit this to the user ${user}.`],
  [["53100"], ({ server }) => `${server} has no space left on its disk.`],
  [["25006"], ({ server }) => `${server} accepts only reads. Name the primary server in DATABASE_URL.`],
  [["57014", "55P03"], ({ server }) => `${server} took too long for this. Try again in a moment.`],
  [
    ["ENOTFOUND", "EAI_AGAIN"],
    ({ server }) => `${server} cannot be found: the DNS does not know its name. Check DATABASE_URL.`,
  ],
];

/**
 * What an error of Postgres means, in sentences for an operator; undefined for an error that is not the database's.
 *
 * Names host and port of `databaseUrl`, never the password. Never throws.
 */
export function explainDatabaseError(error: unknown, databaseUrl?: string): string | undefined {
  if (error instanceof UnsuitableDatabase) return error.message;
  const place = readPlace(databaseUrl);
  const codes = listErrorCodes(error);
  const known = SENTENCES.find(([names]) => names.some((name) => codes.includes(name)));
  if (known && (isDatabaseAway(error) || !isNetworkCode(known[0]))) return known[1](place);
  if (isDatabaseAway(error)) return `${place.server} does not answer. Check that it runs, then try again.`;
  if (isSerializationFailure(error)) return "The same data was changed at the same time. Try again.";
  return undefined;
}

/** A host name that cannot be found may be any server's. */
function isNetworkCode(codes: readonly string[]): boolean {
  return codes.includes("ENOTFOUND");
}

function readPlace(databaseUrl = ""): Place {
  const address = parseDatabaseUrl(databaseUrl);
  if (!address) return { server: "The database", database: "this name", user: "in DATABASE_URL" };
  return {
    server: `The database at ${address.hosts.map(withPort).join(" or ")}`,
    database: address.database,
    user: address.user,
  };
}

function withPort(host: string): string {
  const named = host || "localhost";
  return /:\d+$/.test(named) ? named : `${named}:5432`;
}
