import { newToken } from "@waxseal/core";
import type { Publisher } from "@waxseal/core/publishing";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { Registry } from "prom-client";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { createDnsDriftMetrics } from "../create-dns-drift-metrics.ts";
import type { WorkerDeps } from "../worker-deps.ts";
import { reconcileRecordsJob } from "./reconcile-records-job.ts";

const NOW = new Date("2026-11-24T12:00:00Z");
const SETTINGS = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: [],
  caaIdentities: ["ca.example"],
};

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterEach(() => database.drop());

async function addDomains(count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({
    accountId: "a1",
    id: crypto.randomUUID(),
    domain: `d${index}.example`,
    token: newToken(),
    createdAt: NOW,
  }));
  await database.db.domain.createMany({ data: rows });
  await database.db.domainToken.createMany({
    data: rows.map(({ accountId, id, token }) => ({ accountId, domainId: id, token, createdAt: NOW })),
  });
}

/** Against an authority that holds nothing. */
async function run(payload: object) {
  const [said, registry] = [[] as string[], new Registry()];
  const logger = {
    child: () => logger,
    debug: () => undefined,
    info: (_fields: object, message: string) => said.push(`info ${message}`),
    error: (_fields: object, message: string) => said.push(`error ${message}`),
  };
  const publisher: Publisher = { publish: async () => undefined, list: async function* () {} };
  const source = { db: database.db, now: () => NOW };
  const deps = { source, logger, publisher, settings: SETTINGS, dnsDrift: createDnsDriftMetrics(registry) };
  await reconcileRecordsJob.run(onlyThese(deps), payload, 1);
  const jobs = await database.db.$queryRaw<{ job: string; jobs: number }[]>`
    select task_identifier as job, count(*)::int as jobs from graphile_worker.jobs group by 1 order by 1`;
  return { said: said.join(), metrics: await registry.metrics(), jobs };
}

/** All that this job looks at. */
function onlyThese(deps: object): WorkerDeps {
  return deps as WorkerDeps;
}

test("records that differ are an operator alert and a metric; by the clock the next run is the one to go on", async () => {
  await addDomains(2);
  const { said, metrics, jobs } = await run({ _cron: {} });
  expect(said).toMatch(/^error operator alert: DNS records differ/);
  expect(metrics).toContain('waxseal_dns_drifted_names{authority="hosted zone"} 4');
  expect(jobs).toMatchObject([{ job: "record.publish", jobs: 2 }]);
});

test("after a change of our account at a CA they are no alarm, and parts of 1,000 domains follow one another until all are done", async () => {
  await addDomains(1_001);
  const { said, metrics, jobs } = await run({ isExpected: true });
  expect(said).toMatch(/^info /);
  expect(metrics).not.toContain("hosted zone");
  expect(jobs).toMatchObject([
    { job: "record.publish", jobs: 1_000 },
    { job: "record.reconcile", jobs: 1 },
  ]);
});
