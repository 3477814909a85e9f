import { execFile } from "node:child_process";
import { request as httpsRequest } from "node:https";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { listQuarantine, summarizeSessions } from "@waxseal/core/reports";
import { testFailure, testPolicy, testReportJson, testReportMail } from "@waxseal/core/reports/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestIngest, type TestIngest } from "../testing/create-test-ingest.ts";
import { deliverBySmtp, talkSmtp } from "../testing/talk-smtp.ts";

const REPORTS_DOMAIN = "reports.example.net";
const DAY = new Date().toISOString().slice(0, 10);
const GZIP = { "content-type": "application/tlsrpt+gzip" };
let running: TestIngest;

beforeAll(async () => {
  running = await createTestIngest(inject("templateDatabaseUrl"));
});
afterAll(() => running.stop());

function report(reportId: string, successfulSessions = 5): string {
  return testReportJson(DAY, { reportId, policies: [testPolicy("example.com", { successfulSessions })] });
}

type Upload = { method?: string; path: string; headers?: Record<string, string>; body?: Buffer | string };

function upload({ method = "POST", path, headers = GZIP, body = "" }: Upload) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      const sent = httpsRequest(
        {
          port: running.ingest.httpsPort,
          host: "127.0.0.1",
          method,
          path,
          headers,
          rejectUnauthorized: false,
          agent: false,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(body);
    },
  );
}

test("RFC 8460 §3, §5.3: a report mailed in the clear is in the summaries by result and by source", async () => {
  const { ctx, address } = await running.startDomain();
  const failureDetails = [
    testFailure({ failedSessions: 2 }),
    testFailure({ resultType: "starttls-not-supported", failedSessions: 1, sendingMtaIp: "192.0.2.77" }),
  ];
  const policies = [testPolicy("example.com", { successfulSessions: 97, failedSessions: 3, failureDetails })];
  const sent = await deliverBySmtp(
    running.ingest.smtpPort,
    [address],
    testReportMail(testReportJson(DAY, { policies })),
  );
  expect(sent.data).toMatch(/^250 2\.0\.0 /);
  await expect
    .poll(async () => (await summarizeSessions(ctx, { groupBy: "result" })).totals)
    .toMatchObject({
      reports: 1,
      successfulSessions: 97,
      failedSessions: 3,
      successShare: 0.97,
      gapDays: 29,
    });
  const byResult = await summarizeSessions(ctx, { groupBy: "result" });
  expect(
    byResult.items.map((item) => [item.key, item.successfulSessions, item.failedSessions, item.share]),
  ).toEqual([
    ["successful", 97, 0, 0.97],
    ["certificate-expired", 0, 2, 0.02],
    ["starttls-not-supported", 0, 1, 0.01],
  ]);
  const bySource = await summarizeSessions(ctx, { groupBy: "source" });
  expect(bySource.items).toMatchObject([
    {
      key: "Example Sender",
      reports: 1,
      successfulSessions: 97,
      failedSessions: 3,
      sendingAddresses: [
        { sendingMtaIp: "192.0.2.1", failedSessions: 2 },
        { sendingMtaIp: "192.0.2.77", failedSessions: 1 },
      ],
      byResult: { "certificate-expired": 2, "starttls-not-supported": 1 },
    },
  ]);
});

test("STARTTLS is offered and works without any certificate stored", async () => {
  const { address } = await running.startDomain();
  const talk = await talkSmtp(running.ingest.smtpPort);
  expect(await talk.say("EHLO sender.example")).toContain("STARTTLS");
  expect(await talk.say("STARTTLS")).toMatch(/^220/);
  await talk.startTls();
  await talk.say("EHLO sender.example");
  await talk.say("MAIL FROM:<>");
  expect(await talk.say(`RCPT TO:<${address.toUpperCase()}>`)).toMatch(/^250/);
  await talk.say("DATA");
  expect(await talk.deliver(testReportMail(report("tls-1")))).toMatch(/^250/);
  talk.close();
});

test("an unknown token is refused at RCPT, another domain as relaying, a plus suffix is taken", async () => {
  const { owner } = await running.startDomain();
  const sent = await deliverBySmtp(
    running.ingest.smtpPort,
    [
      `aaaaaaaaaaaaaaaa@${REPORTS_DOMAIN}`,
      `${owner.token}@elsewhere.example`,
      `${owner.token}+x@${REPORTS_DOMAIN}`,
    ],
    testReportMail(report("rcpt-1")),
  );
  expect(sent.recipients[0]).toMatch(/^550 5\.1\.1 /);
  expect(sent.recipients[1]).toMatch(/^550 5\.7\.1 /);
  expect(sent.recipients[2]).toMatch(/^250 /);
  expect(sent.data).toMatch(/^250 /);
});

test("a mail to two addresses is kept for each, and counts for each account's own domain", async () => {
  const [first, second] = [await running.startDomain("a.example"), await running.startDomain("b.example")];
  const policies = [
    testPolicy("a.example", { successfulSessions: 1 }),
    testPolicy("b.example", { successfulSessions: 2 }),
  ];
  const mail = testReportMail(testReportJson(DAY, { policies }));
  await deliverBySmtp(running.ingest.smtpPort, [first.address, second.address], mail);
  for (const [{ ctx }, successfulSessions] of [
    [first, 1],
    [second, 2],
  ] as const) {
    await expect
      .poll(async () => (await summarizeSessions(ctx, { groupBy: "day" })).totals)
      .toMatchObject({ reports: 1, successfulSessions });
  }
});

test("RFC 1870 §6.1: a message of 30 MB is refused, announced or not, and the session goes on", async () => {
  const { address } = await running.startDomain();
  const talk = await talkSmtp(running.ingest.smtpPort);
  expect(await talk.say("EHLO sender.example")).toContain("SIZE 26214400");
  expect(await talk.say("MAIL FROM:<a@sender.example> SIZE=31457280")).toMatch(/^552/);
  await talk.say("MAIL FROM:<a@sender.example>");
  await talk.say(`RCPT TO:<${address}>`);
  await talk.say("DATA");
  const line = `${"x".repeat(998)}\r\n`;
  expect(await talk.deliver(Buffer.from(`Subject: big\r\n\r\n${line.repeat(31_458)}`))).toMatch(
    /^552 5\.3\.4 /,
  );
  expect(await talk.say("NOOP")).toMatch(/^250/);
  talk.close();
});

test("RFC 8460 §5.4: exactly what Postfix's reporter posts with curl is answered 201", async () => {
  const { ctx, owner } = await running.startDomain();
  const url = `https://127.0.0.1:${running.ingest.httpsPort}/v1/tlsrpt/${owner.token}`;
  const curl = promisify(execFile)("curl", [
    ...["--silent", "--insecure", "--header", "Content-Type: application/tlsrpt+gzip"],
    ...["--data-binary", "@-", "--write-out", "%{http_code}", "--output", "/dev/null", url],
  ]);
  curl.child.stdin?.end(gzipSync(report("curl-1", 42)));
  expect((await curl).stdout).toBe("201");
  await expect
    .poll(async () => (await summarizeSessions(ctx, { groupBy: "day" })).totals.successfulSessions)
    .toBe(42);
});

test("RFC 8460 §5.4: uploads that cannot be are answered 404, 405, 413 and 415", async () => {
  const { owner } = await running.startDomain();
  const path = `/v1/tlsrpt/${owner.token}`;
  expect(await upload({ path: "/v1/tlsrpt/aaaaaaaaaaaaaaaa" })).toMatchObject({ status: 404 });
  expect(await upload({ path: "/" })).toMatchObject({ status: 404 });
  expect(await upload({ path, method: "GET" })).toMatchObject({ status: 405, headers: { allow: "POST" } });
  const html = { headers: { "content-type": "text/html" }, body: "<p>no report</p>" };
  expect(await upload({ path, ...html })).toMatchObject({ status: 415 });
  expect(await upload({ path, headers: {}, body: "nothing" })).toMatchObject({ status: 415 });
  const declared = { ...GZIP, "content-length": String(30 * 1024 * 1024) };
  expect(await upload({ path, headers: declared }).catch(() => ({ status: 413 }))).toMatchObject({
    status: 413,
  });
  const chunked = { ...GZIP, "transfer-encoding": "chunked" };
  expect(await upload({ path, headers: chunked, body: Buffer.alloc(26 * 1024 * 1024) })).toMatchObject({
    status: 413,
  });
});

test("RFC 8460 §5.4: a report is recognised by its bytes, whatever its media type, or without one", async () => {
  const { ctx, owner } = await running.startDomain();
  const path = `/v1/tlsrpt/${owner.token}`;
  const types = [
    "application/tlsrpt",
    "text/plain",
    "application/x-www-form-urlencoded",
    "Nonsense",
    undefined,
  ];
  for (const [index, type] of types.entries()) {
    const body = index % 2 === 0 ? gzipSync(report(`type-${index}`, 1)) : report(`type-${index}`, 1);
    expect(await upload({ path, headers: type ? { "content-type": type } : {}, body })).toMatchObject({
      status: 201,
    });
  }
  await expect
    .poll(async () => (await summarizeSessions(ctx, { groupBy: "day" })).totals.successfulSessions)
    .toBe(types.length);
});

test("rubbish is answered 201 and waits in quarantine with its reason", async () => {
  const { ctx, owner, address } = await running.startDomain();
  const path = `/v1/tlsrpt/${owner.token}`;
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 });
  const bodies = [
    Buffer.from("<html>no</html>"),
    gzipSync("{ not json"),
    bomb,
    gzipSync("{}").subarray(0, 12),
  ];
  for (const body of bodies) expect(await upload({ path, body })).toMatchObject({ status: 201 });
  const mail = Buffer.from("From: a@b.example\r\nSubject: hello\r\n\r\nIs this the right address?\r\n");
  await deliverBySmtp(running.ingest.smtpPort, [address], mail);
  await expect
    .poll(async () => (await listQuarantine(ctx, { limit: 50 })).items.map(({ reason }) => reason).toSorted())
    .toEqual(["not-json", "ordinary-mail", "too-large", "truncated", "web-page"]);
});
