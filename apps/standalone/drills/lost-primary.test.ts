import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@waxseal/db/connect";
import { expect, test } from "vitest";
import { describeLoad, failuresOf, loadFleet } from "./load-fleet.ts";
import { addKey, addLoadedDomain, findLostReports } from "./loaded-domain.ts";
import { THIS_RELEASE } from "./prepare-release.ts";
import { startFleet } from "./start-fleet.ts";
import { startPatroni } from "./start-patroni.ts";

/** How many sessions of a kind there are, on the server that accepts writes. */
async function countSessions(databaseUrl: string): Promise<Record<string, number>> {
  const client = createClient(databaseUrl);
  await client.connect();
  const { rows } = await client.query<{ user: string; sessions: number }>(
    "select usename as user, count(*)::int as sessions from pg_stat_activity where usename like 'waxseal\\_%' group by 1",
  );
  await client.end();
  return Object.fromEntries(rows.map(({ user, sessions }) => [user, sessions]));
}

/** As RUNBOOKS.md counts them. */
const MOST_SESSIONS = {
  waxseal_api: 11,
  waxseal_worker: 33,
  waxseal_ingest: 14,
  waxseal_policy: 5,
  waxseal_nameserver: 4,
};

test("Postgres switches over and its primary is killed, under load: policies and DNS never stop, nothing accepted is lost, all goes on", async () => {
  const patroni = await startPatroni();
  try {
    const { databaseUrl, urlOf } = patroni;
    const fleet = await startFleet({ databaseUrl, urlOf, copies: 1 });
    try {
      const key = await addKey(fleet, THIS_RELEASE);
      const domain = await addLoadedDomain(fleet, key, "one.example");
      const ended = new AbortController();
      const loading = loadFleet(fleet, { key, domain, signal: ended.signal });
      const times: string[] = [];
      for (const take of ["switchOver", "killPrimary"] as const) {
        await delay(2_000);
        const [before, startedAt] = [await patroni.primary(), performance.now()];
        await patroni[take]();
        expect(await patroni.primary()).not.toBe(before);
        times.push(`${take} ${Math.round((performance.now() - startedAt) / 1_000)} s`);
        // Sign-in, orders, publishing and jobs too.
        await addLoadedDomain(fleet, key, `after-${take.toLowerCase()}.example`);
      }
      const sessions = await countSessions(databaseUrl);
      ended.abort();
      const load = await loading;
      process.stderr.write(`  lost primary (${times.join(", ")}): ${describeLoad(load)}`);
      process.stderr.write(`  sessions: ${JSON.stringify(sessions)}\n`);
      expect(failuresOf(load)).not.toHaveProperty("fetches");
      expect(failuresOf(load)).not.toHaveProperty(["DNS questions"]);
      expect(await findLostReports(fleet, load.accepted)).toEqual([]);
      for (const [role, most] of Object.entries(MOST_SESSIONS))
        expect(sessions[role] ?? 0).toBeLessThanOrEqual(most);
    } finally {
      await fleet.stop();
    }
  } finally {
    await patroni.stop();
  }
}, 600_000);
