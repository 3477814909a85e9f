import { randomUUID } from "node:crypto";

/**
 * What to send to each route: `mine` are ids of the asking account, `theirs` of the other one; every route of the OpenAPI
 * document is here, so that a new one is proved too.
 */
export type Plan =
  /** Answers anyone. */
  | "public"
  /** About the account as a whole; `body` makes a valid request. */
  | { own: { path?: Record<string, string>; body?: unknown; query?: string } }
  /** About one object named in path, query or body. */
  | { object: (id: string) => { path?: Record<string, string>; body?: unknown; query?: string }; kind: Kind };

/** What an id of the API may be of. */
export type Kind =
  | "change"
  | "incident"
  | "channel"
  | "recipient"
  | "notification"
  | "filter"
  | "sheet"
  | "session"
  | "passkey"
  | "customer"
  | "domain"
  | "report"
  | "message"
  | "apiKey"
  | "member"
  | "invitation";

const inPath = (kind: Kind, body?: unknown): Plan => ({
  kind,
  object: (id) => ({ path: { id }, ...(body === undefined ? {} : { body }) }),
});

const policy = { mode: "testing", mx: ["mx1.theirs.example"], maxAgeSeconds: 604_800 };

/** A valid filter to be saved. */
export const FILTER = { page: "domains", name: "A filter", search: { q: "x" } };

/** A valid channel to be added. */
export const CHANNEL = { kind: "webhook", name: "A hook", target: "https://hooks.example/a" };

/** Every route with what to send it. */
export const PLANS: Record<string, Plan> = {
  "GET /api/v1/info": "public",
  "GET /api/v1/sign-up": "public",
  "GET /api/v1/check": "public",
  "GET /api/v1/me": { own: {} },
  "DELETE /api/v1/me": { own: { body: { email: "not-theirs@people.example" } } },
  "GET /api/v1/me/export": { own: {} },
  "GET /api/v1/home": { own: {} },
  "GET /api/v1/find": { own: { query: "?q=theirs" } },
  "GET /api/v1/digest": { own: {} },
  "GET /api/v1/monthly-report": { kind: "domain", object: (id) => ({ query: `?domainId=${id}` }) },
  "GET /api/v1/monthly-report/recipients": { own: {} },
  "POST /api/v1/monthly-report/recipients": { own: { body: { email: "it@recipient.example" } } },
  "DELETE /api/v1/monthly-report/recipients/{id}": inPath("recipient"),
  "PUT /api/v1/monthly-report/customers": { own: { body: { toCustomers: false } } },
  "GET /api/v1/monthly-report/export": {
    kind: "domain",
    object: (id) => ({ query: `?format=csv&domainId=${id}` }),
  },
  "GET /api/v1/me/person": { own: {} },
  "PUT /api/v1/me/name": { own: { body: { name: "Another name" } } },
  "POST /api/v1/me/email": { own: { body: { email: "another@people.example" } } },
  "POST /api/v1/email-changes/{emailChangeToken}/confirm": "public",
  "POST /api/v1/device-logins": "public",
  "POST /api/v1/device-logins/poll": "public",
  "GET /api/v1/device-logins/{userCode}": { own: { path: { userCode: "BCDF-GHJK" } } },
  "POST /api/v1/device-logins/{userCode}/allow": {
    own: { path: { userCode: "BCDF-GHJK" }, body: { scope: "read" } },
  },
  "POST /api/v1/device-logins/{userCode}/deny": { own: { path: { userCode: "BCDF-GHJK" } } },
  "POST /api/v1/me/accounts": { own: { body: { name: "A new account" } } },
  "GET /api/v1/invitation-links/{invitationToken}": "public",
  "POST /api/v1/invitation-links/{invitationToken}/accept": { own: { path: { invitationToken: "none" } } },
  "PUT /api/v1/me/account": { own: { body: { accountId: randomUUID() } } },
  "GET /api/v1/me/sessions": { own: {} },
  "GET /api/v1/me/passkeys": { own: {} },
  "PUT /api/v1/me/passkeys/{id}": inPath("passkey", { name: "Renamed" }),
  "DELETE /api/v1/me/passkeys/{id}": inPath("passkey"),
  "GET /api/v1/sso": { own: {} },
  "PUT /api/v1/sso": {
    own: {
      body: { issuer: "https://idp.example", clientId: "c", domains: ["a.example"], isRequired: false },
    },
  },
  "DELETE /api/v1/sso": { own: {} },
  "DELETE /api/v1/me/sessions/{id}": inPath("session"),
  "PUT /api/v1/account/name": { own: { body: { name: "Renamed" } } },
  "PUT /api/v1/account/two-factor": { own: { body: { required: false } } },
  "GET /api/v1/account/retention": { own: {} },
  "PUT /api/v1/account/retention": { own: { body: { rawDays: 30, dailyDays: 90 } } },
  "GET /api/v1/account/export": { own: {} },
  "GET /api/v1/account/closing": { own: {} },
  "POST /api/v1/account/closing": { own: { body: { name: "Not its name" } } },
  "DELETE /api/v1/account/closing": { own: {} },
  "GET /api/v1/account/brand": { own: {} },
  "PUT /api/v1/account/brand": {
    own: { body: { name: "A name", color: "#123456", senderName: "A sender" } },
  },
  "GET /api/v1/account/brand-host": { own: {} },
  "PUT /api/v1/account/brand-host": { own: { body: { host: "mail.provider.example" } } },
  "DELETE /api/v1/account/brand-host": { own: {} },
  "GET /api/v1/account/logo": { own: {} },
  "GET /api/v1/account/shown-logo": { own: {} },
  "PUT /api/v1/account/logo": { own: { body: { image: "aWNvbg==" } } },
  "DELETE /api/v1/account/logo": { own: {} },
  "GET /api/v1/instructions": { kind: "domain", object: (id) => ({ query: `?domainIds=${id}` }) },
  "GET /api/v1/instructions/export": {
    kind: "domain",
    object: (id) => ({ query: `?format=zone&domainIds=${id}` }),
  },
  "GET /api/v1/instruction-sheets": { own: {} },
  "POST /api/v1/instruction-sheets": { kind: "domain", object: (id) => ({ body: { domainIds: [id] } }) },
  "DELETE /api/v1/instruction-sheets/{id}": inPath("sheet"),
  "GET /api/v1/policy-changes": { own: {} },
  "POST /api/v1/policy-changes": {
    kind: "domain",
    object: (id) => ({ body: { domainIds: [id], edit: { mode: "testing" } } }),
  },
  "GET /api/v1/policy-changes/{id}": inPath("change"),
  "GET /api/v1/policy-changes/{id}/lines": inPath("change"),
  "POST /api/v1/policy-changes/{id}/continue": inPath("change", {}),
  "POST /api/v1/policy-changes/{id}/stop": inPath("change"),
  "POST /api/v1/policy-changes/{id}/revert": inPath("change"),
  "GET /api/v1/tags": { own: {} },
  "POST /api/v1/domains/tags": {
    kind: "domain",
    object: (id) => ({ body: { domainIds: [id], add: ["x"] } }),
  },
  "GET /api/v1/saved-filters": { own: {} },
  "POST /api/v1/saved-filters": { own: { body: FILTER } },
  "DELETE /api/v1/saved-filters/{id}": inPath("filter"),
  "GET /api/v1/shared-instructions/{sheetToken}": "public",
  "GET /api/v1/shared-instructions/{sheetToken}/export": "public",
  "GET /api/v1/shared-instructions/{sheetToken}/logo": "public",
  "GET /api/v1/customers": { own: {} },
  "GET /api/v1/customers/domains": { own: {} },
  "GET /api/v1/customers/reports": { own: {} },
  "GET /api/v1/customers/{id}": inPath("customer"),
  "PATCH /api/v1/customers/{id}": inPath("customer", { externalId: "7" }),
  "POST /api/v1/customers": { own: { body: { name: "A customer" } } },
  "GET /api/v1/members": { own: {} },
  "PUT /api/v1/members/{id}": inPath("member", { role: "viewer" }),
  "DELETE /api/v1/members/{id}": inPath("member"),
  "POST /api/v1/members/{id}/two-factor-reset": inPath("member"),
  "GET /api/v1/invitations": { own: {} },
  "POST /api/v1/invitations": { own: { body: { email: "new@people.example", role: "viewer" } } },
  "POST /api/v1/invitations/{id}/resend": inPath("invitation"),
  "DELETE /api/v1/invitations/{id}": inPath("invitation"),
  "GET /api/v1/api-keys": { own: {} },
  "POST /api/v1/api-keys": { own: { body: { name: "second" } } },
  "DELETE /api/v1/api-keys/{id}": inPath("apiKey"),
  "POST /api/v1/domains": { own: { body: { domain: "new.example" } } },
  "POST /api/v1/domains/preview": { own: { body: { text: "new.example" } } },
  "POST /api/v1/domains/bulk": { own: { body: { items: [{ domain: "another.example" }] } } },
  "GET /api/v1/domains": { own: {} },
  "GET /api/v1/domains/{id}": inPath("domain"),
  "POST /api/v1/domains/{id}/check": inPath("domain"),
  "POST /api/v1/domains/{id}/leave": inPath("domain"),
  "POST /api/v1/domains/{id}/restore": inPath("domain"),
  "DELETE /api/v1/domains/{id}": inPath("domain"),
  "GET /api/v1/domains/{id}/served": inPath("domain"),
  "GET /api/v1/domains/{id}/share": inPath("domain"),
  "POST /api/v1/domains/{id}/share": inPath("domain"),
  "DELETE /api/v1/domains/{id}/share": inPath("domain"),
  "GET /api/v1/domains/{id}/live": inPath("domain"),
  "GET /api/v1/shared/{shareToken}": "public",
  "GET /api/v1/shared/{shareToken}/live": "public",
  "GET /api/v1/domains/{id}/certificate": inPath("domain"),
  "GET /api/v1/domains/{id}/conditions": inPath("domain"),
  "GET /api/v1/domains/{id}/mx": inPath("domain"),
  "GET /api/v1/domains/{id}/events": inPath("domain"),
  "GET /api/v1/domains/{id}/fetches": inPath("domain"),
  "GET /api/v1/domains/{id}/survey": inPath("domain"),
  "GET /api/v1/events": { own: {} },
  "GET /api/v1/events/export": { kind: "domain", object: (id) => ({ query: `?domainId=${id}` }) },
  "GET /api/v1/domains/{id}/policy": inPath("domain"),
  "PUT /api/v1/domains/{id}/policy": inPath("domain", policy),
  "POST /api/v1/domains/{id}/policy/assess": inPath("domain", policy),
  "GET /api/v1/domains/{id}/policy/versions": inPath("domain"),
  "POST /api/v1/domains/{id}/policy/versions/{version}/restore": {
    kind: "domain",
    object: (id) => ({ path: { id, version: "1" } }),
  },
  "GET /api/v1/tls-reports/summary": { kind: "domain", object: (id) => ({ query: `?domainId=${id}` }) },
  "GET /api/v1/tls-reports/clusters": { kind: "domain", object: (id) => ({ query: `?domainId=${id}` }) },
  "GET /api/v1/tls-reports/export": { kind: "domain", object: (id) => ({ query: `?domainId=${id}` }) },
  "GET /api/v1/tls-reports/sources-by-day": {
    kind: "domain",
    object: (id) => ({ query: `?domainId=${id}` }),
  },
  "GET /api/v1/tls-reports": { kind: "domain", object: (id) => ({ query: `?domainId=${id}` }) },
  "GET /api/v1/tls-reports/{id}": inPath("report"),
  "GET /api/v1/tls-reports/{id}/raw": inPath("report"),
  "GET /api/v1/quarantine": { own: {} },
  "GET /api/v1/quarantine/{id}/raw": inPath("message"),
  "POST /api/v1/quarantine/reparse": { own: { body: {} } },
  "POST /api/v1/quarantine/{id}/reparse": inPath("message"),
  "POST /api/v1/sandbox/publish": { kind: "domain", object: (domainId) => ({ body: { domainId } }) },
  "POST /api/v1/sandbox/faults": {
    kind: "domain",
    object: (domainId) => ({ body: { domainId, fault: "none" } }),
  },
  "POST /api/v1/sandbox/deliver": { kind: "domain", object: (domainId) => ({ body: { domainId } }) },
  "DELETE /api/v1/me/sessions": { own: {} },
  "GET /api/v1/incidents": { own: {} },
  "GET /api/v1/incidents/{id}": inPath("incident"),
  "POST /api/v1/incidents/{id}/acknowledge": inPath("incident"),
  "POST /api/v1/incidents/{id}/snooze": inPath("incident", { until: null }),
  "POST /api/v1/incidents/{id}/note": inPath("incident", { note: "x" }),
  "GET /api/v1/channels": { own: {} },
  "POST /api/v1/channels": { own: { body: CHANNEL } },
  "PATCH /api/v1/channels/{id}": inPath("channel", { name: "Renamed" }),
  "DELETE /api/v1/channels/{id}": inPath("channel"),
  "POST /api/v1/channels/{id}/test": inPath("channel"),
  "POST /api/v1/channels/{id}/rotate-secret": inPath("channel"),
  "GET /api/v1/channels/{id}/deliveries": inPath("channel"),
  "POST /api/v1/notifications/{id}/resend": inPath("notification"),
  "GET /api/v1/me/notifications": { own: {} },
  "PUT /api/v1/me/notifications": {
    own: { body: { severity: "critical", digest: "off", timeZone: "Europe/Berlin", quiet: null } },
  },
};
