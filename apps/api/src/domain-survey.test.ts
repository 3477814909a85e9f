import type { DomainSurveyView, DomainView, MxListView } from "@waxseal/contract";
import { createContext } from "@waxseal/core";
import { OPERATOR } from "@waxseal/core/accounts";
import { importReport } from "@waxseal/core/reports";
import { testFailure, testPolicy } from "@waxseal/core/reports/testing";
import { buildTlsReportMail, dkimRecord, generateDkimKey, SENDERS } from "@waxseal/sandbox";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { z } from "zod";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
let key: string;
let accountId: string;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  ({ key, accountId } = await api.newAccount("Survey"));
});
afterAll(() => api.stop());

async function add(domain: string) {
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain } });
  return added.json as z.infer<typeof DomainView>;
}

async function survey(id: string) {
  const answer = await api.ask("GET", `/api/v1/domains/${id}/survey`, { key });
  expect(answer.status).toBe(200);
  return answer.json as z.infer<typeof DomainSurveyView>;
}

const record = (name: string, type: "TXT" | "CNAME" | "A", value: string) => ({ name, type, value });

test("a domain without records gets a survey that says so, and why its mail hosts are allowed by name", async () => {
  await api.zones.createZone("blank.example");
  const found = await survey((await add("blank.example")).id);
  expect(found.mtaSts).toMatchObject({ state: "none", record: null, policy: null });
  expect(found.tlsRpt).toMatchObject({ state: "none", rua: [] });
  expect(found.changes).toHaveLength(2);
  expect(found.patterns.map(({ pattern, why }) => [pattern, why.slice(0, 7)])).toEqual([
    ["mx1.blank.example", "By name"],
    ["mx2.blank.example", "By name"],
  ]);
});

test("hosting by another provider is found, with where reports go and what blocks our CNAMEs", async () => {
  await api.zones.createZone("hosted-before.example");
  await api.zones.setRecords("hosted-before.example", [
    record("mta-sts.hosted-before.example", "CNAME", "sts.other.example"),
    record("_mta-sts.hosted-before.example", "TXT", "v=STSv1; id=2024;"),
    record("_smtp._tls.hosted-before.example", "TXT", "v=TLSRPTv1; rua=mailto:tls@other.example"),
  ]);
  const found = await survey((await add("hosted-before.example")).id);
  expect(found.mtaSts).toMatchObject({
    state: "elsewhere",
    record: "v=STSv1; id=2024;",
    hostTarget: "sts.other.example",
    policy: null,
    problem: expect.any(String),
  });
  expect(found.tlsRpt).toMatchObject({ state: "elsewhere", rua: ["mailto:tls@other.example"] });
  expect(found.changes.join(" ")).toMatch(/\(at sts\.other\.example\).*tls@other\.example.*_mta-sts.*_smtp/);
});

test("an address that may come from a wildcard is no hosting, and our own CNAMEs are known as ours", async () => {
  await api.zones.createZone("wild.example");
  const domain = await add("wild.example");
  await api.zones.setRecords("wild.example", [record("mta-sts.wild.example", "A", "127.0.0.1")]);
  expect((await survey(domain.id)).mtaSts.state).toBe("none");
  await api.zones.createZone("ours.example");
  const ours = await add("ours.example");
  await api.zones.setRecords(
    "ours.example",
    ours.setup.map(({ name, target }) => record(name, "CNAME", target)),
  );
  expect(await survey(ours.id)).toMatchObject({
    mtaSts: { state: "here", problem: null },
    tlsRpt: { state: "here" },
    changes: [],
  });
});

test("RFC 8460 §4.4: of each mail host the proven failures are shown, of the only one the share of successes too", async () => {
  await api.zones.createZone("two-hosts.example");
  const { id } = await add("two-hosts.example");
  await api.ask("PUT", `/api/v1/domains/${id}/policy`, {
    key,
    body: { mode: "testing", mx: ["mx1.two-hosts.example", "old.two-hosts.example"], maxAgeSeconds: 604_800 },
  });
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const [sender] = SENDERS;
  const dkimKey = await generateDkimKey();
  const importMail = async (reportId: string, counts: [mx1: number, gone: number], signed: object) => {
    const policy = testPolicy("two-hosts.example", {
      successfulSessions: 90,
      failedSessions: counts[0] + counts[1],
      failureDetails: [
        testFailure({ receivingMxHost: "MX1.two-hosts.example", failedSessions: counts[0] }),
        testFailure({ receivingMxHost: "gone.two-hosts.example", failedSessions: counts[1] }),
      ],
    });
    const report = {
      organizationName: sender.organizationName,
      contactInfo: sender.contactInfo,
      reportId,
      startAt: new Date(`${day}T00:00:00Z`),
      endAt: new Date(`${day}T23:59:59Z`),
      reportDay: day,
      policies: [policy],
    };
    const bytes = await buildTlsReportMail({
      sender,
      report,
      policyDomain: "two-hosts.example",
      to: "tls@reports.hosted.example",
      sentAt: new Date(),
      ...signed,
    });
    const ctx = createContext({ db: api.db, now: () => new Date() }, accountId, OPERATOR);
    const lookUpKey = async () => [[dkimRecord(sender, dkimKey).value]];
    const imported = await importReport(ctx, { fileName: `${reportId}.eml`, bytes }, { lookUpKey });
    expect(imported).toMatchObject({ state: "processed", reports: 1 });
  };
  await importMail("proven", [7, 3], { dkimPrivateKeyPem: dkimKey });
  await importMail("forged", [700, 300], {});
  const list = async () =>
    (await api.ask("GET", `/api/v1/domains/${id}/mx`, { key })).json as z.infer<typeof MxListView>;
  const mx = await list();
  expect(mx.items).toMatchObject([
    { mxHost: "mx1.two-hosts.example", covered: true, failedSessions: 7, successShare: null },
    { mxHost: "mx2.two-hosts.example", covered: false, failedSessions: 0, successShare: null },
  ]);
  expect(mx.unneeded).toEqual(["old.two-hosts.example"]);
  expect(mx.former).toEqual([{ mxHost: "gone.two-hosts.example", failedSessions: 3 }]);
  expect(mx.reports).toMatchObject({ reports: 1, sessions: 100, successShare: 0.9 });
  await api.db.domain.updateMany({
    where: { id },
    data: { mxHosts: [{ mxHost: "mx1.two-hosts.example", preference: 10 }] },
  });
  expect((await list()).items).toMatchObject([{ failedSessions: 7, successShare: 0.9 }]);
});
