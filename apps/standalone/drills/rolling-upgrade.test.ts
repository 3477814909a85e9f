import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findMissingMigrations } from "@waxseal/db/missing-migrations";
import { openSqlDatabase } from "@waxseal/db/sql";
import { expect, test } from "vitest";
import { describeLoad, failuresOf, loadFleet } from "./load-fleet.ts";
import { addKey, addLoadedDomain, findLostReports } from "./loaded-domain.ts";
import { preparePreviousRelease, THIS_RELEASE } from "./prepare-release.ts";
import { FLEET_APPS, type Fleet, startFleet } from "./start-fleet.ts";

/** Migrations of this release that the fleet's database lacks. */
async function countMissing(fleet: Fleet): Promise<number> {
  const db = openSqlDatabase(fleet.databaseUrl, { poolSize: 1 });
  return (await findMissingMigrations(db).finally(db.close)).length;
}

test("the last release serves on the schema of this one, then each process is replaced, two of each behind the front: no fetch, upload, mail, API call or DNS question fails", async () => {
  let previous = "";
  const fleet = await startFleet({
    prepare: async (folder) => {
      previous = join(folder, "previous");
      const commit = await preparePreviousRelease(previous);
      process.stderr.write(`  the last release is ${commit}\n`);
      return previous;
    },
  });
  try {
    const key = await addKey(fleet, previous);
    const domain = await addLoadedDomain(fleet, key, "one.example");
    const ended = new AbortController();
    const loading = loadFleet(fleet, { key, domain, signal: ended.signal });
    process.stderr.write(`  ${await countMissing(fleet)} migrations\n`);
    await fleet.cli(THIS_RELEASE, "db", "migrate");
    await fleet.cli(THIS_RELEASE, "db", "roles");
    expect(await countMissing(fleet)).toBe(0);
    // The old code does all of its work on the new schema, orders and publishing included.
    await addLoadedDomain(fleet, key, "two.example");
    for (const app of FLEET_APPS)
      for (const place of [0, 1] as const) await fleet.replace(app, place, THIS_RELEASE);
    await addLoadedDomain(fleet, key, "three.example");
    await delay(1_000);
    ended.abort();
    const load = await loading;
    process.stderr.write(`  rolling upgrade: ${describeLoad(load)}`);
    expect(failuresOf(load)).toEqual({});
    expect(await findLostReports(fleet, load.accepted)).toEqual([]);
  } finally {
    await fleet.stop();
  }
}, 900_000);
