import { randomUUID } from "node:crypto";
import type { EventKind } from "@waxseal/contract";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { addPasskeyRow } from "../../testing/add-passkey-row.ts";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";
import { nameTestIdp, startTestIdp, type TestIdp } from "../../testing/start-test-idp.ts";

let api: TestApi;
let idp: TestIdp;
beforeAll(async () => {
  idp = await startTestIdp();
  api = await startTestApi(inject("templateDatabaseUrl"), { caPem: idp.caPem });
  await nameTestIdp(api.zones, idp);
});
afterAll(async () => {
  await api.stop();
  idp.stop();
});

type Ids = Record<string, string>;
type Change = {
  kind: EventKind;
  path?: (ids: Ids) => string;
  body?: object | ((ids: Ids) => object);
  keep?: string;
  /** What has to be so before. */
  prepare?: (ids: Ids) => Promise<unknown>;
};

/** A PNG of 16 by 16 pixels. */
const PIXELS =
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mOQj99PEmIY1TCqYfhqAADnbD0Q6zulHAAAAABJRU5ErkJggg==";

/** Every route that changes something, in an order in which each succeeds, and the kind of event it leaves. */
const CHANGES: Record<string, Change> = {
  "POST /api/v1/domains": { kind: "domain.added", body: { domain: "audited.example" }, keep: "domain" },
  "POST /api/v1/domains/bulk": { kind: "domain.added", body: { items: [{ domain: "another.example" }] } },
  "PUT /api/v1/domains/{id}/policy": {
    kind: "policy.created",
    path: ({ domain }) => `/api/v1/domains/${domain}/policy`,
    body: { mode: "enforce", mx: ["mx1.audited.example"], maxAgeSeconds: 604_800 },
  },
  "POST /api/v1/domains/{id}/policy/versions/{version}/restore": {
    kind: "policy.created",
    path: ({ domain }) => `/api/v1/domains/${domain}/policy/versions/1/restore`,
  },
  "POST /api/v1/domains/{id}/share": {
    kind: "domain.shared",
    path: ({ domain }) => `/api/v1/domains/${domain}/share`,
  },
  "DELETE /api/v1/domains/{id}/share": {
    kind: "domain.unshared",
    path: ({ domain }) => `/api/v1/domains/${domain}/share`,
  },
  "POST /api/v1/policy-changes": {
    kind: "policyChange.prepared",
    body: { filter: {}, edit: { maxAgeSeconds: 86_400 } },
    keep: "change",
  },
  "POST /api/v1/policy-changes/{id}/continue": {
    kind: "policy.created",
    path: ({ change }) => `/api/v1/policy-changes/${change}/continue`,
    body: { limit: 1 },
  },
  "POST /api/v1/policy-changes/{id}/stop": {
    kind: "policyChange.stopped",
    path: ({ change }) => `/api/v1/policy-changes/${change}/stop`,
  },
  "POST /api/v1/policy-changes/{id}/revert": {
    kind: "policyChange.prepared",
    path: ({ change }) => `/api/v1/policy-changes/${change}/revert`,
  },
  "POST /api/v1/domains/tags": {
    kind: "domain.tagged",
    body: ({ domain }) => ({ domainIds: [domain], add: ["audited"] }),
  },
  "POST /api/v1/saved-filters": {
    kind: "savedFilter.created",
    body: { page: "domains", name: "Audited", search: {} },
    keep: "filter",
  },
  "DELETE /api/v1/saved-filters/{id}": {
    kind: "savedFilter.removed",
    path: ({ filter }) => `/api/v1/saved-filters/${filter}`,
  },
  "POST /api/v1/instruction-sheets": { kind: "sheet.created", body: {}, keep: "sheet" },
  "DELETE /api/v1/instruction-sheets/{id}": {
    kind: "sheet.ended",
    path: ({ sheet }) => `/api/v1/instruction-sheets/${sheet}`,
  },
  "PUT /api/v1/account/brand": { kind: "brand.changed", body: { name: "Audited & Co" } },
  "PUT /api/v1/account/brand-host": { kind: "brand.hostChanged", body: { host: "mail.audited.example" } },
  "DELETE /api/v1/account/brand-host": { kind: "brand.hostChanged" },
  "PUT /api/v1/account/logo": { kind: "brand.changed", body: { image: PIXELS } },
  "DELETE /api/v1/account/logo": { kind: "brand.changed" },
  "POST /api/v1/domains/{id}/restore": {
    kind: "domain.restored",
    path: ({ domain }) => `/api/v1/domains/${domain}/restore`,
    prepare: ({ domain = "" }) =>
      api.db.domain.updateMany({
        where: { id: domain },
        data: { status: "leaving", leavingAt: new Date(Date.now() + 60_000) },
      }),
  },
  "POST /api/v1/domains/{id}/leave": {
    kind: "domain.left",
    path: ({ domain }) => `/api/v1/domains/${domain}/leave`,
  },
  "DELETE /api/v1/domains/{id}": {
    kind: "domain.removed",
    path: ({ domain }) => `/api/v1/domains/${domain}`,
  },
  "POST /api/v1/api-keys": { kind: "apiKey.created", body: { name: "audited" }, keep: "apiKey" },
  "DELETE /api/v1/api-keys/{id}": {
    kind: "apiKey.deleted",
    path: ({ apiKey }) => `/api/v1/api-keys/${apiKey}`,
  },
  "POST /api/v1/monthly-report/recipients": {
    kind: "monthlyReport.addressAdded",
    body: { email: "owner@people.example" },
    keep: "recipient",
  },
  "DELETE /api/v1/monthly-report/recipients/{id}": {
    kind: "monthlyReport.addressRemoved",
    path: ({ recipient }) => `/api/v1/monthly-report/recipients/${recipient}`,
  },
  "PUT /api/v1/monthly-report/customers": {
    kind: "monthlyReport.customersChanged",
    body: { toCustomers: true },
  },
  "POST /api/v1/invitations": {
    kind: "member.invited",
    body: { email: "invited@people.example", role: "viewer" },
    keep: "invitation",
  },
  "POST /api/v1/invitations/{id}/resend": {
    kind: "member.invited",
    path: ({ invitation }) => `/api/v1/invitations/${invitation}/resend`,
  },
  "DELETE /api/v1/invitations/{id}": {
    kind: "invitation.revoked",
    path: ({ invitation }) => `/api/v1/invitations/${invitation}`,
  },
  "PUT /api/v1/members/{id}": {
    kind: "member.roleChanged",
    path: ({ member }) => `/api/v1/members/${member}`,
    body: { role: "editor" },
  },
  "DELETE /api/v1/members/{id}": {
    kind: "member.removed",
    path: ({ member }) => `/api/v1/members/${member}`,
  },
  "PUT /api/v1/account/retention": { kind: "retention.changed", body: { rawDays: 30, dailyDays: 90 } },
  "PUT /api/v1/account/name": { kind: "account.renamed", body: { name: "Audited again" } },
  "POST /api/v1/account/closing": { kind: "account.closing", body: { name: "Audited again" } },
  "DELETE /api/v1/account/closing": { kind: "account.keptOpen" },
  "PUT /api/v1/sso": {
    kind: "sso.changed",
    body: ({ issuer }) => ({
      issuer,
      clientId: "waxseal",
      clientSecret: "secret",
      domains: ["claimed.example"],
      isRequired: false,
    }),
  },
  "DELETE /api/v1/sso": { kind: "sso.removed" },
  "DELETE /api/v1/me/passkeys/{id}": {
    kind: "member.passkeyRemoved",
    path: ({ passkey }) => `/api/v1/me/passkeys/${passkey}`,
  },
  "POST /api/v1/quarantine/reparse": { kind: "quarantine.reparsed", body: {} },
  "PUT /api/v1/account/two-factor": { kind: "account.twoFactorChanged", body: { required: true } },
  "POST /api/v1/channels": {
    kind: "channel.added",
    body: { kind: "webhook", name: "Hook", target: "https://hooks.example/a" },
    keep: "channel",
  },
  "PATCH /api/v1/channels/{id}": {
    kind: "channel.changed",
    path: ({ channel }) => `/api/v1/channels/${channel}`,
    body: { name: "Other" },
  },
  "POST /api/v1/channels/{id}/rotate-secret": {
    kind: "channel.changed",
    path: ({ channel }) => `/api/v1/channels/${channel}/rotate-secret`,
  },
  "DELETE /api/v1/channels/{id}": {
    kind: "channel.removed",
    path: ({ channel }) => `/api/v1/channels/${channel}`,
  },
  "POST /api/v1/incidents/{id}/acknowledge": {
    kind: "incident.changed",
    path: ({ incident }) => `/api/v1/incidents/${incident}/acknowledge`,
  },
  "POST /api/v1/incidents/{id}/snooze": {
    kind: "incident.changed",
    path: ({ incident }) => `/api/v1/incidents/${incident}/snooze`,
    body: { until: null },
  },
  "POST /api/v1/incidents/{id}/note": {
    kind: "incident.changed",
    path: ({ incident }) => `/api/v1/incidents/${incident}/note`,
    body: { note: "Seen" },
  },
  "POST /api/v1/customers": { kind: "customer.created", body: { name: "A customer" }, keep: "customer" },
  "PATCH /api/v1/customers/{id}": {
    kind: "customer.changed",
    path: ({ customer }) => `/api/v1/customers/${customer}`,
    body: { externalId: "7" },
  },
};

/** These look at something again, choose what one sees, name a thing of one's own, sign oneself out, or drive the sandbox: nothing of the account changes by them alone. */
const CHANGE_NOTHING = [
  // In the logs of the accounts that are left or joined, not of the one that asks.
  "DELETE /api/v1/me",
  "POST /api/v1/invitation-links/{invitationToken}/accept",
  // An address is changed, and its accounts' logs say so, when both addresses have confirmed.
  "POST /api/v1/me/email",
  "POST /api/v1/email-changes/{emailChangeToken}/confirm",
  "POST /api/v1/me/accounts",
  // In the logs of all accounts of the person whose sign-in it is.
  "POST /api/v1/members/{id}/two-factor-reset",
  "PUT /api/v1/me/name",
  "PUT /api/v1/me/passkeys/{id}",
  "DELETE /api/v1/me/sessions",
  "DELETE /api/v1/me/sessions/{id}",
  "PUT /api/v1/me/account",
  // The log says that the key was created, by the person who allowed it, when the program fetches it.
  "POST /api/v1/device-logins",
  "POST /api/v1/device-logins/poll",
  "POST /api/v1/device-logins/{userCode}/allow",
  "POST /api/v1/device-logins/{userCode}/deny",
  "POST /api/v1/domains/preview",
  "POST /api/v1/domains/{id}/check",
  "POST /api/v1/domains/{id}/policy/assess",
  "POST /api/v1/quarantine/{id}/reparse",
  "POST /api/v1/sandbox/publish",
  "POST /api/v1/sandbox/deliver",
  "POST /api/v1/sandbox/faults",
  "POST /api/v1/channels/{id}/test",
  "POST /api/v1/notifications/{id}/resend",
  "PUT /api/v1/me/notifications",
];

test("every route that changes something leaves an event that says who did it", {
  timeout: 60_000,
}, async () => {
  const { accountId } = await api.newAccount("Audited");
  const cookie = await api.signInAs(accountId, "owner", "owner@people.example");
  await api.signInAs(accountId, "viewer", "viewer@people.example");
  const viewer = await api.db.user.findUniqueOrThrow({ where: { email: "viewer@people.example" } });
  const owner = await api.db.user.findUniqueOrThrow({ where: { email: "owner@people.example" } });
  await api.db.user.update({ where: { id: owner.id }, data: { twoFactorEnabled: true } });
  await api.db.domainClaim.create({
    data: { accountId, domainId: randomUUID(), domain: "claimed.example", claimedAt: new Date() },
  });
  const passkey = await addPasskeyRow(api.db, owner.id, "Key");
  const incident = randomUUID();
  const about = {
    condition: "mx.badTls",
    subject: "mx.example",
    severity: "warning",
    causeKey: "mx:mx.example",
  };
  await api.db.incident.create({ data: { accountId, id: incident, ...about, openedAt: new Date() } });
  const ids: Ids = { member: viewer.id, issuer: idp.issuer, passkey, incident };
  for (const [route, { kind, path, body, keep, prepare }] of Object.entries(CHANGES)) {
    await prepare?.(ids);
    const [method = "", pattern = ""] = route.split(" ");
    const count = () => api.db.event.count({ where: { accountId, kind, actorId: owner.id } });
    const before = await count();
    const sent = typeof body === "function" ? body(ids) : body;
    const answer = await api.ask(method, path?.(ids) ?? pattern, {
      ...{ cookie, account: accountId },
      ...(sent && { body: sent }),
    });
    expect([route, answer.status < 300, answer.text]).toEqual([route, true, answer.text]);
    if (keep) ids[keep] = String(Object(answer.json).id);
    expect([route, await count()]).toEqual([route, before + 1]);
  }
});

test("every route that may change something is in one of the two lists", async () => {
  const { json } = await api.ask("GET", "/api/openapi.json");
  const changing = Object.entries(Object(Object(json).paths)).flatMap(([path, item]) =>
    Object.keys(Object(item))
      .filter((method) => method !== "get")
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect([...Object.keys(CHANGES), ...CHANGE_NOTHING].sort()).toEqual(changing.sort());
});

test("who set a policy to enforce, when, and what it was before, is in the log and in its exports", async () => {
  const { accountId, key } = await api.newAccount("Enforcing");
  const cookie = await api.signInAs(accountId, "editor", "editor@people.example");
  const added = await api.ask("POST", "/api/v1/domains", { cookie, body: { domain: "enforced.example" } });
  const domainId = String(Object(added.json).id);
  const policy = { mode: "enforce", mx: ["mx1.enforced.example"], maxAgeSeconds: 604_800 };
  await api.ask("PUT", `/api/v1/domains/${domainId}/policy`, { cookie, body: policy });
  const query = `kind=policy.created&domainId=${domainId}`;
  const { items } = Object((await api.ask("GET", `/api/v1/events?${query}`, { key })).json);
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({
    text: "Policy version 2 was made: mode enforce (it was testing), mx1.enforced.example.",
    data: { mode: "enforce", before: { mode: "testing" } },
    domainId,
  });
  const json = await api.ask("GET", `/api/v1/events/export?format=json&${query}`, { key });
  expect(json.json).toEqual(items);
  const csv = await api.ask("GET", `/api/v1/events/export?${query}`, { key });
  expect(csv.headers.get("content-disposition")).toMatch(/^attachment; filename="audit-log-.*\.csv"$/);
  const [header, line, ...rest] = csv.text.trimEnd().split("\r\n");
  expect(header).toBe("at,actorKind,actor,kind,domainId,text,before,data");
  expect(line).toContain('""mode"":""testing""');
  expect(rest).toEqual([]);
});

test("an export holds every event once, of more than one page", async () => {
  const { accountId, key } = await api.newAccount("Long log");
  const at = new Date();
  await api.db.event.createMany({
    data: Array.from({ length: 2_500 }, (_, n) => ({
      accountId,
      id: randomUUID(),
      at: new Date(at.getTime() - Math.floor(n / 3) * 1_000),
      actorKind: "job",
      actorId: "test",
      actorName: "=1+1",
      kind: "domain.active",
    })),
  });
  const { json } = await api.ask("GET", "/api/v1/events/export?format=json&kind=domain.active", { key });
  const ids = Object(json).map(({ id }: { id: string }) => id);
  expect([ids.length, new Set(ids).size]).toEqual([2_500, 2_500]);
  const { text } = await api.ask("GET", "/api/v1/events/export?kind=domain.active", { key });
  expect(text).toContain(",'=1+1,");
});
