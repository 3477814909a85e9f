import { setTimeout as delay } from "node:timers/promises";
import { openDatabase, reportsOf } from "@waxseal/db";
import { expect } from "vitest";
import type { Domain } from "../e2e/sandbox-domain.ts";
import type { LoadedDomain } from "./load-fleet.ts";
import type { Fleet } from "./start-fleet.ts";

const ACTIVE_WITHIN_MS = 120_000;

/** An account with a key, made by the command line of a release. */
export async function addKey(fleet: Fleet, releaseDir: string): Promise<string> {
  const cli = (...args: string[]) => fleet.cli(releaseDir, ...args, "--json");
  await cli("user", "create", "--email", "drill@example.com", "--password", "password of drill");
  await cli("account", "create", "--name", "Drill", "--owner", "drill@example.com");
  const made = await cli("api-key", "create", "--account", "Drill", "--name", "drill", "--scope", "admin");
  return (JSON.parse(made) as { key: string }).key;
}

/** Adds a domain, publishes its records in the sandbox, and waits until it is active. */
export async function addLoadedDomain(fleet: Fleet, key: string, domain: string): Promise<LoadedDomain> {
  const json = { "content-type": "application/json" };
  const post = <T>(path: string, body: object) =>
    fleet.api<T>(key, { method: "POST", path, headers: json, body: JSON.stringify(body) });
  const added = await post<Domain>("/api/v1/domains", { domain });
  expect([added.status, added.body]).toEqual([201, expect.anything()]);
  const { id, setup } = added.body;
  await post("/api/v1/sandbox/publish", { domainId: id });
  let last: Domain | undefined;
  for (const deadline = Date.now() + ACTIVE_WITHIN_MS; last?.status !== "active"; await delay(250)) {
    last = await fleet.api<Domain>(key, { path: `/api/v1/domains/${id}` }).then(
      ({ body }) => body,
      () => undefined,
    );
    if (Date.now() > deadline) throw new Error(`${domain} is not active: ${last?.sentence}`);
  }
  const targetOf = (prefix: string) => setup.find(({ name }) => name === `${prefix}.${domain}`)?.target ?? "";
  return { id, domain, token: targetOf("mta-sts").split(".")[0] ?? "", idName: targetOf("_mta-sts") };
}

/** Waits until every accepted report is counted, and returns those that are not. */
export async function findLostReports(fleet: Fleet, accepted: readonly string[]): Promise<string[]> {
  const db = openDatabase(fleet.databaseUrl);
  try {
    const read = async () => {
      const rows = await reportsOf(db).tlsReport.findMany({ select: { reportId: true } });
      const found = new Set(rows.map(({ reportId }) => reportId));
      return accepted.filter((id) => !found.has(id));
    };
    await expect.poll(read, { timeout: 60_000, interval: 500 }).toEqual([]);
    return await read();
  } finally {
    await db.$disconnect();
  }
}
