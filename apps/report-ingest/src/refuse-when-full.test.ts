import { request } from "node:https";
import { testPolicy, testReportJson, testReportMail } from "@waxseal/core/reports/testing";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestIngest, type TestIngest } from "../testing/create-test-ingest.ts";
import { deliverBySmtp } from "../testing/talk-smtp.ts";

const DAY = new Date().toISOString().slice(0, 10);
const JSON_REPORT = testReportJson(DAY, { policies: [testPolicy("example.com")] });
let full: TestIngest;
let healthPort: number;
beforeAll(async () => {
  healthPort = await findFreePort();
  full = await createTestIngest(inject("templateDatabaseUrl"), { databaseLimitBytes: 1_000_000, healthPort });
});
afterAll(() => full.stop());

function post(token: string): Promise<{ status: number | undefined; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        port: full.ingest.httpsPort,
        method: "POST",
        path: `/v1/tlsrpt/${token}`,
        headers: { "content-type": "application/tlsrpt+json" },
        rejectUnauthorized: false,
        agent: false,
      },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode, retryAfter: response.headers["retry-after"] });
      },
    );
    sent.on("error", reject);
    sent.end(JSON_REPORT);
  });
}

test("with room left for everything else only, senders are asked to try again later, and nothing is stored", async () => {
  const { owner, address } = await full.startDomain();
  const sent = await deliverBySmtp(full.ingest.smtpPort, [address], testReportMail(JSON_REPORT));
  expect(sent.recipients[0]).toMatch(/^452 4\.3\.1 /);
  expect(await post(owner.token)).toEqual({ status: 503, retryAfter: "600" });
  expect(await full.database.reports.reportMessage.count()).toBe(0);
});

test("an ingest that refuses everything is not ready, and says so in its metrics", async () => {
  const ready = await fetch(`http://127.0.0.1:${healthPort}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ needs: { postgres: true, room: false } });
  const metrics = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
  expect(metrics).toMatch(/^waxseal_ingest_open 0$/m);
  expect(metrics).toMatch(/^waxseal_ingest_database_bytes \d{7,}$/m);
});

test("an ingest is ready with its real certificates only, and not while its writes fail", async () => {
  const port = await findFreePort();
  const world = await createTestIngest(inject("templateDatabaseUrl"), { healthPort: port });
  const { address } = await world.startDomain();
  const readiness = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    return { status: answer.status, ...(await answer.json()) };
  };
  expect(await readiness()).toMatchObject({
    status: 503,
    needs: { certificate: false, writable: true },
    reasons: {
      certificate:
        "There is no valid certificate for mx.reports.example.net and upload.reports.example.net yet.",
    },
  });
  await world.storeCertificates(new Date(Date.now() + 3_600_000));
  await expect.poll(readiness).toMatchObject({ status: 200, needs: { certificate: true } });
  const send = async () =>
    (await deliverBySmtp(world.ingest.smtpPort, [address], testReportMail(JSON_REPORT))).data;
  await world.database.reports.$executeRawUnsafe(
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'full' using errcode = '53100'; end $$`,
  );
  await world.database.reports.$executeRawUnsafe(
    "create trigger refuse before insert on report_message for each row execute function refuse()",
  );
  expect(await send()).toMatch(/^452 /);
  expect(await readiness()).toMatchObject({ status: 503, needs: { writable: false, certificate: true } });
  await world.database.reports.$executeRawUnsafe("drop trigger refuse on report_message");
  expect(await send()).toMatch(/^250 /);
  expect(await readiness()).toMatchObject({ status: 200 });
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toMatch(/^waxseal_report_last_accepted_seconds [\d.]+(e-\d+)?$/m);
  expect(metrics).toMatch(/^waxseal_reports_quarantined \d+$/m);
  expect(metrics).toMatch(/^waxseal_report_oldest_unprocessed_seconds [\d.e-]+$/m);
  await world.stop();
});
