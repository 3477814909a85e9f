import { randomUUID } from "node:crypto";
import { constants, gunzipSync, gzipSync } from "node:zlib";
import { createContext } from "@waxseal/core";
import { OPERATOR } from "@waxseal/core/accounts";
import { importReports } from "@waxseal/core/reports";
import { testPolicy, testReportJson } from "@waxseal/core/reports/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { PLANS } from "../testing/route-plans.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

/** One that another account has, and one that no account has. */
const FOREIGN = ["taken.example", "free.example"] as const;

type Tenant = { foreign: string; own: string; key: string; ids: Record<string, string[]> };

let api: TestApi;
let tenants: Tenant[];

beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
  const { key } = await api.newAccount("Has it");
  await api.ask("POST", "/api/v1/domains", { key, body: { domain: "taken.example" } });
  tenants = await Promise.all(FOREIGN.map((name, index) => newTenant(name, index)));
});
afterAll(() => api.stop());

/** What a sender may put a foreign domain into: each a message of its own. */
function messagesAbout(own: string, foreign: string): { fileName: string; bytes: Buffer }[] {
  const today = new Date().toISOString().slice(0, 10);
  const report = (reportId: string, domains: string[], day = today) =>
    Buffer.from(testReportJson(day, { reportId, policies: domains.map((domain) => testPolicy(domain)) }));
  const alone = report("alone", [foreign]);
  return [
    { fileName: "both.json", bytes: report("both", [own, foreign]) },
    { fileName: "alone.json", bytes: alone },
    { fileName: "packed.json.gz", bytes: gzipSync(report("packed", [foreign])) },
    { fileName: "cut.json.gz", bytes: gzipSync(report("cut", [foreign])).subarray(0, -12) },
    { fileName: "old.json", bytes: report("old", [foreign], "2001-01-01") },
    {
      fileName: "behind.json",
      bytes: Buffer.concat([report("first", [own]), report("second", [foreign]).subarray(0, -3)]),
    },
    { fileName: "broken.json", bytes: Buffer.from(`{"broken","policy-domain":"${foreign}"`) },
    { fileName: "mail.eml", bytes: mail(own, report("mailed", [own, foreign])) },
  ];
}

function mail(domain: string, report: Buffer): Buffer {
  const head = [
    "From: a@sender.example",
    `Subject: Report Domain: ${domain} Submitter: sender.example Report-ID: <1>`,
    "MIME-Version: 1.0",
    "Content-Type: application/tlsrpt+gzip",
    "Content-Transfer-Encoding: base64",
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${gzipSync(report).toString("base64")}\r\n`);
}

async function newTenant(foreign: string, index: number): Promise<Tenant> {
  const { accountId, key } = await api.newAccount("Tenant");
  const own = `own${index}.example`;
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain: own } });
  const ctx = createContext({ db: api.db, now: () => new Date() }, accountId, OPERATOR, "owner");
  await importReports(ctx, messagesAbout(own, foreign));
  const where = { where: { accountId }, orderBy: { id: "asc" } as const };
  const messages = await api.reports.reportMessage.findMany(where);
  const reports = await api.reports.tlsReport.findMany(where);
  return {
    foreign,
    own,
    key,
    ids: {
      domain: [String(Object(added.json).id)],
      message: messages.map(({ id }) => id),
      report: reports.map(({ id }) => id),
    },
  };
}

/** Every answer that a reader of the account can have: of all routes, and for each of its objects. */
async function readEverything({
  key,
  ids,
}: Tenant): Promise<{ route: string; status: number; bytes: Buffer }[]> {
  const reads = Object.entries(PLANS).filter(
    ([route]) => route.startsWith("GET ") && !route.endsWith("/live") && !route.includes("shared"),
  );
  const answers = [];
  for (const [route, plan] of reads) {
    const kind = plan !== "public" && "kind" in plan ? plan.kind : undefined;
    for (const id of (kind && ids[kind]) ?? [randomUUID()]) {
      const sent: { path?: Record<string, string>; query?: string } =
        plan === "public" ? {} : "own" in plan ? plan.own : plan.object(id);
      const path = route.slice(4).replace(/\{(\w+)\}/g, (_match, name: string) => sent.path?.[name] ?? id);
      const response = await fetch(`${api.url}${path}${sent.query ?? ""}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      answers.push({ route, status: response.status, bytes: Buffer.from(await response.arrayBuffer()) });
    }
  }
  return answers;
}

/** All that can be read out of an answer: as it is, unpacked, and what it holds in hexadecimal or base64. */
function unfold(bytes: Buffer, depth = 0): string {
  const text = bytes.toString("latin1");
  if (depth > 3) return text;
  const inner = [
    ...(bytes[0] === 0x1f && bytes[1] === 0x8b
      ? [gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })]
      : []),
    ...[...text.matchAll(/\\\\x((?:[0-9a-f]{2})+)/g)].map(([, hex = ""]) => Buffer.from(hex, "hex")),
    ...[...text.matchAll(/(?:[A-Za-z0-9+/]{40,}=*\s*)+/g)].map(([encoded]) => Buffer.from(encoded, "base64")),
  ];
  return [text, ...inner.map((each) => unfold(each, depth + 1))].join("\n");
}

test.each([0, 1])(
  "no answer holds the bytes of a message that names a foreign domain, or its name (tenant %i)",
  async (index) => {
    const tenant = tenants[index];
    if (!tenant) throw new Error("no tenant");
    expect(tenant.ids.message).toHaveLength(9);
    for (const { route, bytes } of await readEverything(tenant)) {
      expect([route, unfold(bytes).includes(tenant.foreign)]).toEqual([route, false]);
    }
  },
);

test("whether another account has the domain changes nothing in any answer", async () => {
  const [taken, free] = await Promise.all(
    tenants.map(async (tenant) => {
      const answers = await readEverything(tenant);
      const words = await api.ask("GET", "/api/v1/quarantine", tenant);
      const { items } = Object(words.json);
      return {
        answers: answers.map(({ route, status }) => `${route} ${status}`).toSorted(),
        quarantine: items
          .map(({ reason, detail }: { reason: string; detail: string }) =>
            `${reason} ${detail}`.replaceAll(tenant.own, "own.example"),
          )
          .toSorted(),
      };
    }),
  );
  expect(taken).toEqual(free);
  expect(taken?.quarantine.length).toBeGreaterThan(5);
});

test("a message that names the account's own domains only is given as it arrived", async () => {
  const tenant = tenants[0];
  const bytes = Buffer.from(
    testReportJson("2026-01-01", { policies: [testPolicy(tenant?.own ?? "")], reportId: "own" }),
  );
  const { accountId } = await api.db.domain.findFirstOrThrow({ where: { domain: tenant?.own ?? "" } });
  const ctx = createContext({ db: api.db, now: () => new Date() }, accountId, OPERATOR, "owner");
  await importReports(ctx, [{ fileName: "own.json", bytes }]);
  const report = await api.reports.tlsReport.findFirstOrThrow({ where: { accountId, reportId: "own" } });
  const raw = await api.ask("GET", `/api/v1/tls-reports/${report.id}/raw`, tenant);
  expect(raw.text).toBe(bytes.toString());
  const exported = await api.ask("GET", "/api/v1/account/export", tenant);
  expect(exported.text).toContain(bytes.toString("hex"));
});
