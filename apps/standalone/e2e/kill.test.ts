import { Resolver } from "node:dns/promises";
import type { SummaryView } from "@waxseal/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { agreeToEnforce } from "./enforce-anyway.ts";
import { addSandboxDomain, type Domain, untilActive } from "./sandbox-domain.ts";
import { startTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

const PROCESSES = ["postgres", "worker", "policy-server", "nameserver", "report-ingest", "api"];

let waxseal: TestStandalone;
let key: string;
beforeAll(async () => {
  waxseal = await startTestStandalone({}, { embedded: true });
  ({ key } = await waxseal.newAccount("Kill"));
});
afterAll(() => waxseal?.stop());

test("kill -9 of Postgres and of each app in turn during onboarding, publishing and reporting: the story still ends well", async () => {
  const { id } = await addSandboxDomain(waxseal, key, "kiln.example");
  for (const name of PROCESSES) await killAndAwait(name);
  const active = await untilActive(waxseal, key, id);

  const policy = { mode: "enforce", mx: active.mx.map((mx) => mx.mxHost), maxAgeSeconds: 1_209_600 };
  const body = { ...policy, ...agreeToEnforce("kiln.example") };
  const changed = await waxseal.api<{ policyId: string }>("PUT", `/api/v1/domains/${id}/policy`, {
    key,
    body,
  });
  expect(changed.status).toBe(200);
  for (const name of PROCESSES) await killAndAwait(name);
  const published = async () =>
    (await waxseal.api<Domain>("GET", `/api/v1/domains/${id}`, { key }).catch(() => undefined))?.body
      .publishedPolicyId;
  await expect.poll(published, { timeout: 60_000, interval: 300 }).toBe(changed.body.policyId);

  const delivered = await waxseal.api<{ steps: { ok: boolean; text: string }[] }>(
    "POST",
    "/api/v1/sandbox/deliver",
    {
      key,
      body: { domainId: id },
    },
  );
  expect(delivered.body.steps.filter((step) => !step.ok)).toEqual([]);
  await killAndAwait("report-ingest");
  const summary = async () =>
    (
      await waxseal.api<z.infer<typeof SummaryView>>(
        "GET",
        `/api/v1/tls-reports/summary?domainId=${id}&groupBy=source`,
        { key },
      )
    ).body;
  await expect.poll(async () => (await summary()).totals.reports, { timeout: 60_000 }).toBe(3);
  const reported = delivered.body.steps.map((step) =>
    Number(/^(\d+) good and 0 failed/.exec(step.text)?.[1] ?? 0),
  );
  const successfulSessions = reported.reduce((sum, sessions) => sum + sessions, 0);
  expect(successfulSessions).toBeGreaterThan(0);
  expect((await summary()).totals).toMatchObject({ successfulSessions, failedSessions: 0 });
});

test("RFC 8657 §3: CAA names our account at the sandbox's CA from the first order on, and the next domain gets its certificate under it", async () => {
  const { id, setup } = await addSandboxDomain(waxseal, key, "second-kiln.example");
  const target = setup.find(({ kind }) => kind === "policyHost")?.target ?? "";
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([`127.0.0.1:${waxseal.env.DNS_PORT}`]);
  const issuers = async () => (await resolver.resolveCaa(target)).flatMap(({ issue }) => issue ?? []);
  await expect
    .poll(issuers, { timeout: 60_000 })
    .toEqual([
      expect.stringMatching(
        /^sandbox-ca\.example; accounturi=https:\/\/localhost:\d+\/account\/\w+; validationmethods=http-01$/,
      ),
    ]);
  await untilActive(waxseal, key, id);
});

/** Kills a process and waits until it was started again. */
async function killAndAwait(name: string): Promise<void> {
  const pid = waxseal.pids()[name];
  if (pid === undefined) return;
  process.kill(pid, "SIGKILL");
  await expect
    .poll(() => waxseal.pids()[name], { timeout: 60_000, interval: 50 })
    .toSatisfy((next) => next !== undefined && next !== pid);
}
