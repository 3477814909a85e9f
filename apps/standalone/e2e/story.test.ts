import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DomainView, PolicyVersionListView, SummaryView } from "@waxseal/contract";
import { createAddressGuard, createResolver, fetchPolicy } from "@waxseal/probes";
import { buildTlsReportMail, type Pebble, SENDERS, startPebble } from "@waxseal/sandbox";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { findPort } from "../src/find-port.ts";
import { agreeToEnforce } from "./enforce-anyway.ts";
import { queryTxt } from "./query-txt.ts";
import { startTestStandalone, type TestStandalone } from "./start-test-standalone.ts";

type Domain = z.infer<typeof DomainView>;
type Summary = z.infer<typeof SummaryView>;

const ZONE = "hosted.waxseal-test.example";
const DOMAIN = "orchard.example";

let pebble: Pebble;
let waxseal: TestStandalone;
let trustPem: string;
let key: string;

beforeAll(async () => {
  const validationHttpPort = await findPort(0, "127.0.0.1");
  pebble = await startPebble({ validationHttpPort });
  trustPem = `${pebble.caPem}\n${await pebble.rootPem()}`;
  const trustFile = join("/tmp", `waxseal-story-${process.pid}.pem`);
  await writeFile(trustFile, trustPem);
  const settings = {
    HOSTED_ZONE: ZONE,
    DNS_RESOLVERS: pebble.mockDns.dnsServer,
    ACME_DIRECTORY_URL: pebble.directoryUrl,
    ACME_CA_FILE: trustFile,
    ACME_CAA_IDENTITIES: "pebble.letsencrypt.org",
    POLICY_HTTP_PORT: String(validationHttpPort),
  };
  waxseal = await startTestStandalone(settings);
  ({ key } = await waxseal.newAccount("Story"));
});
afterAll(async () => {
  await waxseal?.stop();
  await pebble?.stop();
});

test("a domain goes from three CNAMEs to an enforced-ready policy and a counted report", async () => {
  const added = await waxseal.api<Domain>("POST", "/api/v1/domains", { key, body: { domain: DOMAIN } });
  expect(added.status).toBe(201);
  const { id, setup } = added.body;
  expect(setup.map((record) => record.state)).toEqual(["unchecked", "unchecked", "unchecked"]);

  for (const record of setup) await pebble.mockDns.addCname(record.name, record.target);
  const visibleAt = Date.now();
  await waxseal.api("POST", `/api/v1/domains/${id}/check`, { key });
  await expect.poll(async () => (await show(id)).status, { timeout: 60_000, interval: 250 }).toBe("active");
  process.stdout.write(`CNAME visible to active: ${((Date.now() - visibleAt) / 1000).toFixed(1)} s\n`);

  // The check that made it active may have looked before the last CNAME was published.
  const states = async () => {
    await waxseal.api("POST", `/api/v1/domains/${id}/check`, { key });
    return (await show(id)).setup.map((record) => record.state);
  };
  await expect.poll(states, { timeout: 60_000, interval: 1_000 }).not.toContain("wrong");
  const active = await show(id);
  expect(active.setup.map((record) => record.state)).toEqual(["correct", "correct", "correct"]);
  expect(active.certificate?.current?.issuer).toMatch(/Pebble/);
  expect(active.readiness.map((step) => step.state)).toEqual(active.readiness.map(() => "done"));

  const served = await fetchServed();
  expect(served.body).toMatch(/^version: STSv1\r\nmode: testing\r\nmx: .+\r\nmax_age: \d+\r\n$/);
  expect(served.certificate.subjectAltNames).toEqual([`mta-sts.${DOMAIN}`]);
  expect(await servedId(setup[1]?.target ?? "")).toBe(active.policy?.policyId);
  expect(await queryTxt(dnsPort(), setup[2]?.target ?? "")).toEqual([
    expect.stringMatching(/^v=TLSRPTv1; ?rua=mailto:[a-z2-7]{16}@/),
  ]);
});

test("RFC 8461 §8.1: a changed policy is served before its id is in DNS", async () => {
  const { id, setup, policy } = await showByName();
  const target = setup[1]?.target ?? "";
  const sightings: { id: string | undefined; body: string }[] = [];
  let watching = true;
  const watcher = (async () => {
    while (watching) {
      // The id is read first: the new id followed by the old body would be a fault of ours.
      const seenId = await servedId(target);
      sightings.push({ id: seenId, body: (await fetchServed()).body });
    }
  })();
  const changed = await waxseal.api<Domain["policy"]>("PUT", `/api/v1/domains/${id}/policy`, {
    key,
    body: {
      mode: "enforce",
      mx: ["mx1.orchard.example", "*.mx.orchard.example"],
      maxAgeSeconds: 1_209_600,
      ...agreeToEnforce("orchard.example"),
    },
  });
  expect(changed.status).toBe(200);
  const newId = changed.body?.policyId;
  expect(newId).not.toBe(policy?.policyId);
  await expect.poll(() => servedId(target), { timeout: 60_000, interval: 100 }).toBe(newId);
  watching = false;
  await watcher;

  expect(sightings.some((sighting) => sighting.id !== newId && sighting.body.includes("enforce"))).toBe(true);
  expect(sightings.filter((sighting) => sighting.id === newId && !sighting.body.includes("enforce"))).toEqual(
    [],
  );
  const versions = async () =>
    (
      await waxseal.api<z.infer<typeof PolicyVersionListView>>(
        "GET",
        `/api/v1/domains/${id}/policy/versions`,
        { key },
      )
    ).body.items;
  await expect
    .poll(async () => (await versions()).map((version) => version.state), { timeout: 60_000 })
    .toEqual(["live", "superseded"]);
  expect((await versions())[1]?.horizonAt).not.toBeNull();
});

test("a report mailed by SMTP is in both summaries, counted once however often it is sent", async () => {
  const { id, reportAddresses } = await showByName();
  const to = (reportAddresses[0] ?? "").replace("mailto:", "");
  const raw = await reportMail(to);
  const transport = createTransport({
    host: "127.0.0.1",
    port: Number(waxseal.env.INGEST_SMTP_PORT),
    tls: { rejectUnauthorized: false },
  });
  for (const _ of [1, 2]) await transport.sendMail({ envelope: { from: SENDERS[0].contactInfo, to }, raw });
  const summary = async (groupBy: string) =>
    (
      await waxseal.api<Summary>("GET", `/api/v1/tls-reports/summary?domainId=${id}&groupBy=${groupBy}`, {
        key,
      })
    ).body;
  await expect.poll(async () => (await summary("result")).totals.reports, { timeout: 60_000 }).toBe(1);

  const byResult = await summary("result");
  expect(
    Object.fromEntries(byResult.items.map((row) => [row.key, row.successfulSessions + row.failedSessions])),
  ).toEqual({
    successful: 90,
    "certificate-expired": 7,
    "starttls-not-supported": 3,
  });
  const bySource = await summary("source");
  expect(bySource.items).toHaveLength(1);
  expect(bySource.items[0]).toMatchObject({
    key: SENDERS[0].organizationName,
    successfulSessions: 90,
    failedSessions: 10,
  });
  expect(bySource.items[0]?.sendingAddresses).toMatchObject([
    { sendingMtaIp: "192.0.2.41", failedSessions: 10 },
  ]);
});

async function show(id: string): Promise<Domain> {
  return (await waxseal.api<Domain>("GET", `/api/v1/domains/${id}`, { key })).body;
}

async function showByName(): Promise<Domain> {
  return waxseal.cli<Domain>("domain", "show", DOMAIN, "--account", "Story");
}

async function fetchServed() {
  const answer = await fetchPolicy({
    domain: DOMAIN,
    resolver: createResolver({ servers: [pebble.mockDns.dnsServer] }),
    guard: createAddressGuard({ allowPrivate: true }),
    httpsPort: Number(waxseal.env.POLICY_HTTPS_PORT),
    timeoutMs: 5_000,
    caPem: trustPem,
  });
  if (!("found" in answer)) throw new Error(`policy not served: ${JSON.stringify(answer)}`);
  return answer.found;
}

function dnsPort(): number {
  return Number(waxseal.env.DNS_PORT);
}

async function servedId(target: string): Promise<string | undefined> {
  const [text = ""] = await queryTxt(dnsPort(), target);
  return /^v=STSv1; id=([A-Za-z0-9]{1,32});$/.exec(text)?.[1];
}

function reportMail(to: string): Promise<Buffer> {
  const startAt = new Date(`${new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`);
  const detail = (resultType: string, failedSessions: number) => ({
    resultType,
    knownResultType: true,
    sendingMtaIp: "192.0.2.41",
    receivingMxHost: "mx1.orchard.example",
    receivingMxHelo: null,
    receivingIp: "192.0.2.10",
    failedSessions,
    failureReasonCode: null,
    additionalInfo: null,
  });
  return buildTlsReportMail({
    sender: SENDERS[0],
    policyDomain: DOMAIN,
    to,
    sentAt: new Date(),
    report: {
      organizationName: SENDERS[0].organizationName,
      contactInfo: SENDERS[0].contactInfo,
      reportId: `story-${DOMAIN}`,
      startAt,
      endAt: new Date(startAt.getTime() + 86_399_000),
      reportDay: startAt.toISOString().slice(0, 10),
      policies: [
        {
          policyType: "sts",
          policyDomain: DOMAIN,
          policyStrings: ["version: STSv1", "mode: enforce"],
          mxHostPatterns: ["mx1.orchard.example"],
          successfulSessions: 90,
          failedSessions: 10,
          failureDetails: [detail("certificate-expired", 7), detail("starttls-not-supported", 3)],
        },
      ],
    },
  });
}
