import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { gunzipSync } from "node:zlib";
import { parseTlsReport } from "@waxseal/tls-rpt";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listenSmtp } from "./listen-smtp.ts";
import { type Authority, openAuthority } from "./open-authority.ts";
import { readSmtpMessage } from "./read-smtp-message.ts";
import { resolveMailNames } from "./resolve-mail-names.ts";
import { type CustomerDns, startCustomerDns } from "./start-customer-dns.ts";
import { type ReceivingMx, startReceivingMx } from "./start-receiving-mx.ts";
import { type SendingMta, startSendingMta } from "./start-sending-mta.ts";

const DOMAIN = "bakery.example";
let dir: string;
let dns: CustomerDns;
let authority: Authority;
let mx: ReceivingMx;
let web: { port: number; policy: string; policyFetches: number; posts: Buffer[]; stop(): Promise<void> };
let reports: { port: number; mails: { raw: Buffer; isSecure: boolean }[]; stop(): Promise<void> };
let mta: SendingMta;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "waxseal-sandbox-"));
  dns = await startCustomerDns({ port: 0, dataDir: dir });
  authority = await openAuthority({ dataDir: dir, now: () => new Date() });
  mx = await startReceivingMx({ port: 0, authority });
  web = await startWeb();
  reports = await startReports();
  const dnsServer = { host: "127.0.0.1", port: dns.port };
  mta = await startSendingMta({
    dataDir: dir,
    zones: dns.zones,
    dnsServer,
    caPem: authority.rootPem,
    mxPort: mx.port,
    policyHttpsPort: web.port,
    reportsSmtpPort: reports.port,
    reportsHttpsPort: web.port,
  });
  await dns.zones.createZone(DOMAIN);
  await dns.zones.createZone("hosted.example");
  await dns.zones.setRecords("hosted.example", [
    { name: "web.hosted.example", type: "A", value: "127.0.0.1" },
  ]);
  await publish("1", "testing");
  await dns.zones.setRecords(DOMAIN, [
    { name: `mta-sts.${DOMAIN}`, type: "A", value: "127.0.0.1" },
    {
      name: `_smtp._tls.${DOMAIN}`,
      type: "TXT",
      value: "v=TLSRPTv1; rua=mailto:token@hosted.example,https://web.hosted.example/v1/tlsrpt/token",
    },
  ]);
});
afterEach(async () => {
  await Promise.all([dns.stop(), mx.stop(), web.stop(), reports.stop()]);
  await rm(dir, { recursive: true, force: true });
});

async function publish(
  id: string,
  mode: string,
  mxPatterns = [`mx1.${DOMAIN}`, `mx2.${DOMAIN}`],
): Promise<void> {
  const lines = [
    "version: STSv1",
    `mode: ${mode}`,
    ...mxPatterns.map((host) => `mx: ${host}`),
    "max_age: 86400",
  ];
  web.policy = lines.map((line) => `${line}\r\n`).join("");
  await dns.zones.setRecords(DOMAIN, [
    { name: `_mta-sts.${DOMAIN}`, type: "TXT", value: `v=STSv1; id=${id};` },
  ]);
}

async function startWeb() {
  const { keyPem, certPem } = await authority.issue({ names: [`mta-sts.${DOMAIN}`, "web.hosted.example"] });
  const state = { policy: "", policyFetches: 0, posts: [] as Buffer[] };
  const server: Server = createServer({ key: keyPem, cert: certPem }, async (request, response) => {
    if (request.method === "POST") {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      state.posts.push(Buffer.concat(chunks));
      return response.writeHead(201).end();
    }
    state.policyFetches += 1;
    return response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(state.policy);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("no port");
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return Object.assign(state, { port: address.port, stop });
}

async function startReports() {
  const mails: { raw: Buffer; isSecure: boolean }[] = [];
  const { keyPem, certPem } = await authority.issue({ names: ["mx1.hosted.example"] });
  const server = new SMTPServer({
    key: keyPem,
    cert: certPem,
    SNICallback: (_name, callback) => callback(null, createSecureContext({ key: keyPem, cert: certPem })),
    disabledCommands: ["AUTH"],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData(stream, session, callback) {
      readSmtpMessage(stream, 1_000_000).then((raw) => {
        if (raw) mails.push({ raw, isSecure: session.secure });
        callback();
      }, callback);
    },
  });
  return { mails, ...(await listenSmtp(server, 0, "127.0.0.1")) };
}

const attachmentOf = async (raw: Buffer) => {
  const [attachment] = (await simpleParser(raw)).attachments;
  if (!attachment) throw new Error("no attachment");
  return attachment;
};
const readReport = (json: Buffer) => {
  const result = parseTlsReport(json);
  if (!result.ok) throw new Error(result.problem);
  return result.report;
};

test("RFC 8460 §3, §5: every sender delivers under the policy and reports it, two by signed mail over TLS and one by HTTPS", async () => {
  const delivered = await mta.deliver({ domain: DOMAIN, count: 2 });
  expect(delivered.filter(({ ok }) => !ok)).toEqual([]);
  expect(mx.deliveries.map(({ isSecure }) => isSecure)).toEqual(Array(6).fill(true));
  const reported = await mta.sendReports({ domain: DOMAIN });
  expect(reported.map(({ ok, text }) => [ok, text.replace(/.*: /, "")])).toEqual([
    [true, "report mailed to token@hosted.example at mx1.hosted.example, TLS, DKIM-signed"],
    [true, "report mailed to token@hosted.example at mx1.hosted.example, TLS, DKIM-signed"],
    [true, "report posted to web.hosted.example, answer 201"],
  ]);

  expect(reports.mails.map(({ isSecure }) => isSecure)).toEqual([true, true]);
  const contents = await Promise.all(reports.mails.map(async ({ raw }) => (await attachmentOf(raw)).content));
  const seen = [...contents, ...web.posts].map((gzipped) => readReport(gunzipSync(gzipped)));
  expect(seen.map(({ organizationName }) => organizationName)).toEqual([
    "sandbox-mail.example",
    "corp-exchange.example",
    "Postfix Example",
  ]);
  for (const { policies } of seen) {
    expect(policies).toMatchObject([
      {
        policyType: "sts",
        policyDomain: DOMAIN,
        successfulSessions: 2,
        failedSessions: 0,
        failureDetails: [],
      },
    ]);
    expect(policies[0]?.policyStrings).toContain("mode: testing");
  }
  expect((await mta.sendReports({ domain: DOMAIN })).map(({ text }) => text)).toEqual(
    Array(3).fill(`nothing to report about ${DOMAIN}`),
  );
});

test("RFC 8460 §3: a report's DKIM signature verifies by the key in the sandbox DNS, and breaks when a byte changes", async () => {
  await mta.deliver({ domain: DOMAIN, count: 1 });
  await mta.sendReports({ domain: DOMAIN });
  const names = resolveMailNames({ host: "127.0.0.1", port: dns.port });
  const resolver = async (name: string, type: string) => (type === "TXT" ? names.txt(name) : []);
  const verdicts = [];
  for (const { raw } of reports.mails) {
    const good = await dkimVerify(raw, { resolver });
    const bad = await dkimVerify(
      Buffer.from(raw.toString("latin1").replace("sandbox", "sandb0x"), "latin1"),
      { resolver },
    );
    verdicts.push([
      good.results[0]?.signingDomain,
      good.results[0]?.status.result,
      bad.results[0]?.status.result,
    ]);
  }
  expect(verdicts).toEqual([
    ["sandbox-mail.example", "pass", "neutral"],
    ["corp-exchange.example", "pass", "neutral"],
  ]);
  const signed = reports.mails.map(
    ({ raw }) => /[;\s]h=([\s\S]*?);/.exec(raw.toString())?.[1]?.toLowerCase() ?? "",
  );
  expect(signed.map((headers) => headers.includes("tls-report-domain"))).toEqual([true, false]);
});

test("RFC 8460 §5.1, §5.3: the mail is a multipart/report with the headers and file name that receivers look at", async () => {
  await mta.deliver({ domain: DOMAIN, sender: "sandbox-mail.example", count: 1 });
  await mta.sendReports({ domain: DOMAIN, sender: "sandbox-mail.example" });
  const raw = reports.mails[0]?.raw ?? Buffer.alloc(0);
  const mail = await simpleParser(raw);
  expect(raw.toString()).toMatch(/^Content-Type: multipart\/report;\s+report-type="?tlsrpt"?/im);
  expect(mail.headers.get("tls-report-domain")).toBe(DOMAIN);
  expect(mail.headers.get("tls-report-submitter")).toBe("sandbox-mail.example");
  expect(mail.subject).toMatch(
    /^Report Domain: bakery\.example Submitter: sandbox-mail\.example Report-ID: <\S+@sandbox-mail\.example>$/,
  );
  const { contentType, filename } = await attachmentOf(raw);
  expect(contentType).toBe("application/tlsrpt+gzip");
  expect(filename).toMatch(/^sandbox-mail\.example!bakery\.example!\d{10}!\d{10}!\w+\.json\.gz$/);
});

test("the Microsoft-like sender leaves out time zone and mx-host, the Postfix-like one sends the whole EHLO answer", async () => {
  await dns.zones.setRecords(DOMAIN, [
    { name: DOMAIN, type: "MX", value: `10 selfsigned.${DOMAIN}` },
    { name: `selfsigned.${DOMAIN}`, type: "A", value: "127.0.0.1" },
  ]);
  await publish("2", "testing", [`*.${DOMAIN}`]);
  await mta.deliver({ domain: DOMAIN, count: 1 });
  await mta.sendReports({ domain: DOMAIN });
  const corp = JSON.parse(
    gunzipSync((await attachmentOf(reports.mails[1]?.raw ?? Buffer.alloc(0))).content).toString(),
  );
  expect(corp["date-range"]["start-datetime"]).toMatch(/T00:00:00$/);
  expect(corp.policies[0].policy).not.toHaveProperty("mx-host");
  const postfix = JSON.parse(gunzipSync(web.posts[0] ?? Buffer.alloc(0)).toString());
  expect(postfix.policies[0]["failure-details"]).toMatchObject([
    {
      "result-type": "certificate-not-trusted",
      "receiving-mx-hostname": `selfsigned.${DOMAIN}`,
      "receiving-mx-helo": expect.stringContaining("\r\n"),
      "failed-session-count": 1,
    },
  ]);
});

test("RFC 8461 §5: under enforce a host that is not in the policy or has bad TLS gets nothing, under testing it does", async () => {
  await dns.zones.setRecords(DOMAIN, [
    { name: DOMAIN, type: "MX", value: `10 expired.${DOMAIN}` },
    { name: `expired.${DOMAIN}`, type: "A", value: "127.0.0.1" },
  ]);
  const sender = "sandbox-mail.example";
  for (const [id, mode, pattern] of [
    ["2", "enforce", `*.${DOMAIN}`],
    ["3", "enforce", `mx1.${DOMAIN}`],
    ["4", "testing", `*.${DOMAIN}`],
    ["5", "testing", `mx1.${DOMAIN}`],
    ["6", "none", `mx1.${DOMAIN}`],
  ] as const) {
    await publish(id, mode, [pattern]);
    await mta.deliver({ domain: DOMAIN, sender, count: 1 });
  }
  expect(mx.deliveries).toHaveLength(3);
  await mta.sendReports({ domain: DOMAIN, sender });
  const { policies } = readReport(
    gunzipSync((await attachmentOf(reports.mails[0]?.raw ?? Buffer.alloc(0))).content),
  );
  expect(
    policies.map(({ policyType, failedSessions, failureDetails }) => [
      policyType,
      failedSessions,
      failureDetails[0]?.resultType,
    ]),
  ).toEqual([
    ["sts", 1, "certificate-expired"],
    ["sts", 1, "validation-failure"],
    ["sts", 1, "certificate-expired"],
    ["sts", 1, "certificate-expired"],
    ["no-policy-found", 0, undefined],
  ]);
});

test("RFC 8461 §3.3: a policy is fetched once per id, kept while the policy host is down, and a first fetch that fails is reported", async () => {
  const sender = "sandbox-mail.example";
  await mta.deliver({ domain: DOMAIN, sender, count: 1 });
  await mta.deliver({ domain: DOMAIN, sender, count: 1 });
  expect(web.policyFetches).toBe(1);
  await publish("2", "testing");
  await mta.deliver({ domain: DOMAIN, sender, count: 1 });
  expect(web.policyFetches).toBe(2);

  web.policy = "nonsense";
  await dns.zones.setRecords(DOMAIN, [{ name: `_mta-sts.${DOMAIN}`, type: "TXT", value: "v=STSv1; id=3;" }]);
  const kept = await mta.deliver({ domain: DOMAIN, sender, count: 1 });
  expect(kept[1]?.text).toContain("the policy kept earlier still holds");
  const first = await mta.deliver({ domain: DOMAIN, sender: "corp-exchange.example", count: 1 });
  expect(first[1]).toMatchObject({ ok: false, text: expect.stringContaining("line 1") });
  await mta.sendReports({ domain: DOMAIN, sender: "corp-exchange.example" });
  const report = readReport(
    gunzipSync((await attachmentOf(reports.mails[0]?.raw ?? Buffer.alloc(0))).content),
  );
  expect(report.policies[0]?.failureDetails[0]?.resultType).toBe("sts-policy-invalid");
});

test("sessions stay in the ledger until a report about them was taken", async () => {
  const sender = "sandbox-mail.example";
  await mta.deliver({ domain: DOMAIN, sender, count: 1 });
  await dns.zones.removeRecords(DOMAIN, [{ name: `_smtp._tls.${DOMAIN}`, type: "TXT" }]);
  expect(await mta.sendReports({ domain: DOMAIN, sender })).toMatchObject([
    { ok: false, text: expect.stringContaining("There is no TLS-RPT record") },
  ]);
  await dns.zones.setRecords(DOMAIN, [
    { name: `_smtp._tls.${DOMAIN}`, type: "TXT", value: "v=TLSRPTv1; rua=mailto:token@hosted.example" },
  ]);
  expect(await mta.sendReports({ domain: DOMAIN, sender })).toMatchObject([
    { ok: true, text: expect.stringContaining("1 good and 0 failed sessions") },
  ]);
});

test("a silenced sender reported daily until six days ago and not since, another until yesterday; then it reports again", async () => {
  const daysOf = async (mails: { raw: Buffer }[]) => {
    const subjects = await Promise.all(
      mails.map(async ({ raw }) => (await simpleParser(raw)).attachments[0]),
    );
    return subjects
      .flatMap((file) => {
        const parsed = file && parseTlsReport(gunzipSync(file.content).toString());
        return parsed?.ok ? [parsed.report.reportDay] : [];
      })
      .sort();
  };
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  const sender = "sandbox-mail.example";
  const ofSender = () => reports.mails.filter(({ raw }) => raw.includes(`@${sender}`));
  await mta.silence({ domain: DOMAIN, sender, isSilent: true });
  const before = await daysOf(ofSender());
  expect([before.length, before.at(-1)]).toEqual([9, ago(6)]);
  await mta.deliver({ domain: DOMAIN, sender });
  expect((await mta.sendReports({ domain: DOMAIN, sender })).map(({ text }) => text)).toEqual([
    `keeps silent about ${DOMAIN}`,
  ]);
  await mta.silence({ domain: DOMAIN, sender, isSilent: false });
  expect((await daysOf(ofSender())).slice(before.length)).toEqual([5, 4, 3, 2, 1].map(ago));
  const reported = await mta.sendReports({ domain: DOMAIN, sender });
  expect(reported.map(({ ok }) => ok)).toEqual([true]);
});
