import { openDatabase } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { addOperatingMetrics } from "./add-operating-metrics.ts";
import { createWorkerMetrics } from "./worker-metrics.ts";

const CA = "https://acme-v02.api.letsencrypt.org/directory";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
});
afterAll(() => database.drop());

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);

async function addName(host: string, hours: number, error?: string): Promise<void> {
  const { db } = database;
  const accountId = "a";
  const { id } = await db.certificate.create({
    data: {
      accountId,
      host,
      chainPem: "",
      keyJwe: "",
      issuer: "CA",
      serial: "1",
      fingerprint256: "",
      notBefore: new Date(0),
      notAfter: inHours(hours),
      directoryUrl: CA,
      createdAt: new Date(),
    },
  });
  const state = error ? "failing" : "issued";
  const name = { accountId, host, state, stateSince: new Date(), currentCertificateId: id } as const;
  await db.certificateName.create({
    data: { ...name, lastErrorCode: error ?? null, heldUntil: inHours(hours) },
  });
}

test("the night's questions have figures: expiries, budget, jobs, mail, servers, connections", async () => {
  const { db } = database;
  const registry = new Registry();
  const worker = openDatabase(await database.urlAs("worker"), { poolSize: 2 });
  addOperatingMetrics(registry, { db: worker, directoryUrls: [CA, "https://ca.example/dir"] });
  const read = async () => (await registry.metrics()).split("\n");
  expect(await read()).toContain('waxseal_certificates_expiring{days="7"} 0');
  await addName("soon.example", 20, "ca.validation");
  await addName("week.example", 150, "preflight.cname");
  await addName("later.example", 900);
  await db.acmeUse.createMany({
    data: [...Array(30)].map(() => ({
      directoryUrl: CA,
      kind: "order" as const,
      host: "h",
      registeredDomain: "h",
      at: new Date(),
    })),
  });
  await db.$executeRaw`select graphile_worker.add_job('domain.check', run_at => now() - interval '20 minutes')`;
  await db.$executeRaw`select graphile_worker.add_job('policy.publish', max_attempts => 1)`;
  await db.$executeRaw`update graphile_worker._private_jobs set attempts = 1 where max_attempts = 1`;
  await db.servingNode.create({
    data: { id: "n1", kind: "policy", startedAt: new Date(), leaseUntil: inHours(-1), seenSeq: 0n },
  });
  await db.$executeRaw`insert into serving_change (seq, kind, key, created_at) values (5, 'policy', 'x', now())`;
  await db.$executeRaw`
    insert into outgoing_mail (id, kind, recipient, sealed, created_at, next_attempt_at, give_up_at)
    values (gen_random_uuid(), 'reset', 'a@b.example', 'x', now() - interval '1 hour', now(), now())`;

  const lines = await read();
  expect(lines).toEqual(
    expect.arrayContaining([
      'waxseal_certificates_expiring{days="1"} 1',
      'waxseal_certificates_expiring{days="3"} 1',
      'waxseal_certificates_expiring{days="7"} 2',
      'waxseal_certificate_problems{whose="customer"} 1',
      'waxseal_certificate_problems{whose="ca"} 0',
      'waxseal_certificate_problems{whose="ours"} 1',
      "waxseal_orders_held 3",
      'waxseal_ca_budget_used_ratio{ca="acme-v02.api.letsencrypt.org"} 0.1',
      'waxseal_jobs_dead{job="policy.publish"} 1',
      'waxseal_mail_queue{state="waiting"} 1',
      'waxseal_serving_lag_changes{kind="policy",node="n1"} 5',
    ]),
  );
  const figureOf = (start: string) =>
    Number(
      lines
        .find((line) => line.startsWith(`${start} `))
        ?.split(" ")
        .at(-1),
    );
  expect(figureOf("waxseal_certificate_nearest_expiry_seconds") / 3_600).toBeCloseTo(20, 0);
  expect(figureOf('waxseal_job_oldest_due_seconds{job="domain.check"}')).toBeGreaterThan(1_190);
  expect(figureOf("waxseal_mail_oldest_waiting_seconds")).toBeGreaterThan(3_590);
  expect(figureOf('waxseal_serving_lease_seconds{kind="policy",node="n1"}')).toBeLessThan(-3_590);
  expect(figureOf("waxseal_database_bytes")).toBeGreaterThan(1_000_000);
  expect(figureOf('waxseal_database_connections{which="allowed"}')).toBeGreaterThan(10);
  await worker.$disconnect();
});

test("a condition's severity is a label; one without is a warning", async () => {
  const { db } = database;
  const times = { since: new Date(), seenAt: new Date(), until: inHours(1) };
  const about = { subject: "s", text: "t", ...times };
  await db.operatorCondition.createMany({
    data: [
      { ...about, code: "op.serving", detail: { severity: "critical" } },
      { ...about, code: "clock", detail: {} },
    ],
  });
  const registry = new Registry();
  addOperatingMetrics(registry, { db, directoryUrls: [CA] });
  expect((await registry.metrics()).split("\n")).toEqual(
    expect.arrayContaining([
      'waxseal_operator_conditions{code="op.serving",severity="critical"} 1',
      'waxseal_operator_conditions{code="clock",severity="warning"} 1',
    ]),
  );
});

test("a database that is away takes no other metric along", async () => {
  const away = openDatabase("postgresql://nobody:x@127.0.0.1:1/nothing", { poolSize: 1 });
  const { registry } = createWorkerMetrics(away, [CA]);
  expect(await registry.metrics()).toContain("# TYPE waxseal_mail_queue gauge");
  await away.$disconnect();
});
