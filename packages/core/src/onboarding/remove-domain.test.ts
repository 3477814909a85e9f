import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { recordAlertChanges } from "../alerting/record-alert-changes.ts";
import { createContext } from "../context.ts";
import { removeDomainReports } from "../reports/retention/remove-domain-reports.ts";
import { addNamedDomain } from "./add-named-domain.ts";
import { leaveDomain } from "./leave-domain.ts";
import { removeDomain } from "./remove-domain.ts";
import { restoreDomain } from "./restore-domain.ts";

const settings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: [],
};
const NOW = new Date("2026-05-01T12:00:00Z");
const ACCOUNT = "removing";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  await database.db.organization.create({ data: { id: ACCOUNT, name: "A", slug: "a", createdAt: NOW } });
});
afterAll(() => database.drop());

const ctx = () =>
  createContext({ db: database.db, now: () => NOW }, ACCOUNT, { kind: "user", id: "u", name: "U" }, "editor");

function add(domain: string, sign: "mail" | "no-such-domain" = "mail", ask = true) {
  const mxHosts = [{ mxHost: `mx.${domain}`, preference: 10 }];
  const deps = { settings, lookUpMx: async () => mxHosts, findMailSign: async () => sign };
  return addNamedDomain(ctx(), { domain, ask }, deps);
}

/** Every table that still has a row of the domain, apart from the audit log. */
async function tablesOf(domainId: string): Promise<string[]> {
  const { db } = database;
  const tables = await db.$queryRaw<{ name: string }[]>`
    select c.table_name::text as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.column_name = 'domain_id' and c.table_schema = current_schema() and t.table_type = 'BASE TABLE'`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await db.$queryRawUnsafe<unknown[]>(
      `select 1 from "${name}" where domain_id::text = $1 limit 1`,
      domainId,
    );
    if (rows.length > 0 && name !== "event") found.push(name);
  }
  return found.sort();
}

test("a domain that was never served is deleted at once: nothing of it is left but its token, and the log", async () => {
  const { id, token } = await add("mistake.com");
  await removeDomain(ctx(), { domainId: id });
  expect(await tablesOf(id)).toEqual(["domain_token"]);
  const again = await add("mistake.com");
  expect(again.token).not.toBe(token);
  const events = await database.db.event.findMany({ where: { domainId: id, kind: "domain.removed" } });
  expect(events).toMatchObject([{ actorId: "u", data: { domain: "mistake.com" } }]);
});

test("RFC 8461 §8.3: a domain whose policy senders may hold is not deleted; it can be turned on again, and deleted once it has left", async () => {
  const { id } = await add("served.com");
  const where = { accountId_id: { accountId: ACCOUNT, id } };
  await database.db.policyVersion.updateMany({ where: { domainId: id }, data: { publishedAt: NOW } });
  await database.db.domain.update({
    where,
    data: { status: "active", activeAt: NOW, publishedVersion: 1, createdAt: NOW },
  });
  await expect(removeDomain(ctx(), { domainId: id })).rejects.toMatchObject({ code: "conflict" });
  await expect(restoreDomain(ctx(), { domainId: id })).rejects.toMatchObject({ code: "conflict" });
  const later = { ...ctx(), now: () => new Date(NOW.getTime() + 1_000) };
  await leaveDomain(later, { domainId: id });
  await expect(removeDomain(ctx(), { domainId: id })).rejects.toThrow("still being turned off");
  expect(await restoreDomain(later, { domainId: id })).toMatchObject({ status: "active" });
  await database.db.domain.update({ where, data: { status: "left", leftAt: NOW, servedVersion: null } });
  await removeDomain(ctx(), { domainId: id });
  await removeDomainReports(database.db, { accountId: ACCOUNT, domainId: id });
  expect(await tablesOf(id)).toEqual(["domain_token"]);
});

test("an alert of a deleted domain ends: nothing stays open about a domain that is not there", async () => {
  const { id } = await add("alerting.com");
  const { db } = database;
  const alert = {
    id: randomUUID(),
    condition: "cname.missing",
    subject: "mta-sts.alerting.com",
    severity: "warning",
  };
  const row = {
    accountId: ACCOUNT,
    domainId: id,
    ...alert,
    state: "open",
    evidence: {},
    looksBad: 2,
    looksGood: 0,
  };
  const times = { firstSeenAt: NOW, openedAt: NOW, lastSeenAt: NOW, lookedAt: NOW };
  const stored = await db.alert.create({ data: { ...row, ...times } });
  await db.$transaction((tx) =>
    recordAlertChanges(tx, [{ kind: "opened", isKnown: false, alert: stored }], NOW),
  );
  const open = () => db.incident.count({ where: { accountId: ACCOUNT, resolvedAt: null } });
  expect(await open()).toBe(1);
  await removeDomain(ctx(), { domainId: id });
  expect(await open()).toBe(0);
});

test("a domain that is probably a mistake is asked about, and added when that is confirmed", async () => {
  await add("brewery.com");
  await expect(add("brewrey.com", "no-such-domain")).rejects.toMatchObject({
    code: "confirm_needed",
    questions: [{ code: "no-such-domain" }, { code: "like-another" }],
  });
  expect(await add("brewrey.com", "no-such-domain", false)).toMatchObject({ domain: "brewrey.com" });
});
