import { newToken } from "@waxseal/core";
import type { AnswerState, Secondary } from "@waxseal/core/publishing";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createDnsDriftMetrics } from "../create-dns-drift-metrics.ts";
import type { WorkerDeps } from "../worker-deps.ts";
import { reconcileSecondariesJob } from "./reconcile-secondaries-job.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  const token = newToken();
  const domainId = crypto.randomUUID();
  const row = { accountId: "test-account", token, createdAt: new Date() };
  await database.db.domain.create({ data: { ...row, id: domainId, domain: "example.com" } });
  await database.db.domainToken.create({ data: { ...row, domainId } });
});
afterAll(() => database?.drop());

const SETTINGS = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: [],
  caaIdentities: [],
};

async function runWith(states: Record<string, AnswerState>): Promise<{ logged: string; metrics: string }> {
  const registry = new Registry();
  const errors: string[] = [];
  const logger = {
    child: () => logger,
    debug: () => undefined,
    error: (fields: object, message: string) => errors.push(JSON.stringify({ ...fields, message })),
  };
  const secondaries = Object.entries(states).map(([name, state]): Secondary => {
    return { name, compare: async () => state };
  });
  const source = { db: database.db, now: () => new Date() };
  const deps = { source, logger, secondaries, settings: SETTINGS, dnsDrift: createDnsDriftMetrics(registry) };
  await reconcileSecondariesJob.run(onlyThese(deps), {}, 1);
  return { logged: errors.join("\n"), metrics: await registry.metrics() };
}

/** All that this job looks at. */
function onlyThese(deps: object): WorkerDeps {
  return deps as WorkerDeps;
}

test("a secondary without useful answers is an operator alert and a metric; one that is right is neither", async () => {
  const { logged, metrics } = await runWith({ "192.0.2.7": "same", "192.0.2.8": "silent" });
  expect(logged.match(/operator alert/g)).toHaveLength(1);
  expect(logged).toContain('"secondary":"192.0.2.8"');
  expect(metrics).toContain('waxseal_dns_silent_names{authority="192.0.2.7"} 0');
  expect(metrics).toMatch(/waxseal_dns_silent_names\{authority="192.0.2.8"\} [1-9]/);
  expect(metrics).toContain('waxseal_dns_drifted_names{authority="192.0.2.8"} 0');
});

test("names answered otherwise are counted and named in the alert", async () => {
  const { logged, metrics } = await runWith({ "192.0.2.9": "different" });
  expect(logged).toMatch(/"drifted":\["[a-z2-7]{16}\.mta-sts\.hosted\.example"/);
  expect(metrics).toContain('waxseal_dns_drifted_names{authority="192.0.2.9"} 3');
}, 20_000);
