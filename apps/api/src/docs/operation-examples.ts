/** An example of one request. Ids of it are {@link SAMPLE_IDS}. */
type Example = { query?: Readonly<Record<string, string | number>>; body?: unknown };

/** Ids in examples, by what they are of. A test puts real ones in their place and sends every example. */
export const SAMPLE_IDS = {
  apiKey: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0001",
  account: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0002",
  change: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0003",
  channel: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0004",
  customer: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0005",
  domain: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0006",
  filter: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0007",
  incident: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0008",
  invitation: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0009",
  member: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0010",
  message: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0011",
  notification: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0012",
  passkey: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0013",
  report: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0014",
  session: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0015",
  sheet: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0016",
  recipient: "6f0c2f6e-2a53-4a0c-9a31-8f2a4a5d0018",
} as const;

/** The end of a link that needs no sign-in. */
const SAMPLE_TOKEN = "Z3k1c9Qm4vT7yB2nX8wLr5Hd";

/** What `{id}` of a path is of, by the part of the path before it. */
const ID_KINDS: Readonly<Record<string, keyof typeof SAMPLE_IDS>> = {
  "api-keys": "apiKey",
  channels: "channel",
  customers: "customer",
  domains: "domain",
  incidents: "incident",
  "instruction-sheets": "sheet",
  invitations: "invitation",
  members: "member",
  notifications: "notification",
  passkeys: "passkey",
  "policy-changes": "change",
  quarantine: "message",
  "saved-filters": "filter",
  recipients: "recipient",
  sessions: "session",
  "tls-reports": "report",
};

const POLICY = {
  mode: "testing",
  mx: ["mx1.example.com", "*.mail.example.net"],
  maxAgeSeconds: 604_800,
};

const BOTH_DAYS = { from: "2026-11-01", to: "2026-11-14" };

/** A PNG of 16 by 16 pixels. */
const LOGO =
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mOQj99PEmIY1TCqYfhqAADnbD0Q6zulHAAAAABJRU5ErkJggg==";

/** Examples of the operations that take more than an id. */
const OPERATION_EXAMPLES: Readonly<Record<string, Example>> = {
  "DELETE /api/v1/me": { body: { email: "ada@example.com" } },
  "PUT /api/v1/me/name": { body: { name: "Ada Lovelace" } },
  "POST /api/v1/me/email": { body: { email: "ada.lovelace@example.com" } },
  "POST /api/v1/me/accounts": { body: { name: "Example Mail" } },
  "PUT /api/v1/me/account": { body: { accountId: SAMPLE_IDS.customer } },
  "PUT /api/v1/me/passkeys/{id}": { body: { name: "Laptop" } },
  "PUT /api/v1/me/notifications": {
    body: {
      severity: "warning",
      digest: "weekly",
      timeZone: "Europe/Berlin",
      quiet: { from: 22, until: 7 },
    },
  },
  "PUT /api/v1/account/name": { body: { name: "Example Mail" } },
  "PUT /api/v1/account/two-factor": { body: { required: false } },
  "PUT /api/v1/account/retention": { body: { rawDays: 90, dailyDays: 730 } },
  "POST /api/v1/account/closing": { body: { name: "Example Mail" } },
  "PUT /api/v1/account/brand": {
    body: { name: "Example Mail Support", color: "#1f5fbf", senderName: "Example Mail" },
  },
  "PUT /api/v1/account/brand-host": { body: { host: "mail.example.com" } },
  "PUT /api/v1/account/logo": { body: { image: LOGO } },
  "PUT /api/v1/sso": {
    body: {
      issuer: "https://login.example.com",
      clientId: "waxseal",
      clientSecret: "given by the identity provider",
      domains: ["example.com"],
      isRequired: false,
    },
  },
  "POST /api/v1/api-keys": { body: { name: "onboarding", scope: "onboard", expiresInDays: 90 } },
  "POST /api/v1/device-logins": { body: { client: "waxseal on a laptop", scope: "write" } },
  "POST /api/v1/device-logins/poll": { body: { deviceCode: "given when the login began" } },
  "POST /api/v1/device-logins/{userCode}/allow": { body: { scope: "write" } },
  "POST /api/v1/invitations": { body: { email: "grace@example.com", role: "editor" } },
  "PUT /api/v1/members/{id}": { body: { role: "editor" } },
  "GET /api/v1/events": { query: { kind: "policy.created", from: "2026-11-01T00:00:00Z", limit: 100 } },
  "GET /api/v1/events/export": {
    query: { format: "csv", from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z" },
  },
  "GET /api/v1/find": { query: { q: "bakery" } },
  "GET /api/v1/digest": { query: { period: "weekly" } },
  "GET /api/v1/monthly-report": { query: { month: "2026-10" } },
  "POST /api/v1/monthly-report/recipients": { body: { email: "it@example.com" } },
  "PUT /api/v1/monthly-report/customers": { body: { toCustomers: true } },
  "GET /api/v1/monthly-report/export": { query: { month: "2026-10", format: "csv" } },
  "GET /api/v1/customers": { query: { externalId: "CRM-4711" } },
  "POST /api/v1/customers": { body: { name: "Bakery", externalId: "CRM-4711" } },
  "PATCH /api/v1/customers/{id}": { body: { externalId: "CRM-4712" } },
  "GET /api/v1/customers/reports": { query: BOTH_DAYS },
  "GET /api/v1/customers/domains": { query: { health: "attention", limit: 100 } },
  "POST /api/v1/domains": { body: { domain: "example.com" } },
  "POST /api/v1/domains/preview": { body: { text: "bakery.example, Bakery\nflorist.example, Florist" } },
  "POST /api/v1/domains/bulk": {
    body: {
      items: [
        { domain: "bakery.example", customerExternalId: "CRM-4712" },
        { domain: "florist.example", customer: "Florist" },
      ],
      createCustomers: true,
    },
  },
  "POST /api/v1/domains/tags": { body: { domainIds: [SAMPLE_IDS.domain], add: ["retail"], remove: [] } },
  "GET /api/v1/domains": { query: { health: "attention", limit: 100 } },
  "GET /api/v1/domains/{id}/events": { query: { limit: 20 } },
  "GET /api/v1/domains/{id}/fetches": { query: { hours: 24 } },
  "PUT /api/v1/domains/{id}/policy": { body: POLICY },
  "POST /api/v1/domains/{id}/policy/assess": { body: POLICY },
  "GET /api/v1/instructions": { query: { only: "missing", scope: "customers" } },
  "GET /api/v1/instructions/export": { query: { format: "zone", only: "all" } },
  "GET /api/v1/shared-instructions/{sheetToken}/export": { query: { format: "csv" } },
  "POST /api/v1/instruction-sheets": {
    body: { accountId: SAMPLE_IDS.customer, only: "missing", expiresInDays: 30, mailTo: "dns@example.com" },
  },
  "GET /api/v1/tags": { query: { scope: "all" } },
  "POST /api/v1/saved-filters": {
    body: { page: "domains", name: "Needs attention", search: { health: "attention" } },
  },
  "POST /api/v1/policy-changes": {
    body: { domainIds: [SAMPLE_IDS.domain], edit: { mode: "testing", addMx: ["mx2.example.com"] } },
  },
  "GET /api/v1/policy-changes/{id}/lines": { query: { limit: 100 } },
  "POST /api/v1/policy-changes/{id}/continue": { body: { limit: 25 } },
  "GET /api/v1/tls-reports/summary": { query: { ...BOTH_DAYS, groupBy: "source", trust: "aligned" } },
  "GET /api/v1/tls-reports/clusters": { query: { ...BOTH_DAYS, domainId: SAMPLE_IDS.domain } },
  "GET /api/v1/tls-reports/sources-by-day": { query: BOTH_DAYS },
  "GET /api/v1/tls-reports": { query: { ...BOTH_DAYS, result: "certificate-expired", limit: 50 } },
  "GET /api/v1/tls-reports/export": { query: { ...BOTH_DAYS, format: "csv", view: "daily" } },
  "GET /api/v1/quarantine": { query: { limit: 50 } },
  "POST /api/v1/quarantine/reparse": { body: { limit: 20 } },
  "GET /api/v1/incidents": { query: { state: "open", severity: "critical" } },
  "POST /api/v1/incidents/{id}/snooze": { body: { until: null } },
  "POST /api/v1/incidents/{id}/note": { body: { note: "The mail provider renews the certificate today." } },
  "POST /api/v1/channels": {
    body: {
      kind: "webhook",
      name: "On-call",
      target: "https://hooks.example.com/waxseal",
      minSeverity: "warning",
    },
  },
  "PATCH /api/v1/channels/{id}": { body: { minSeverity: "critical" } },
  "GET /api/v1/check": { query: { domain: "example.com" } },
  "POST /api/v1/sandbox/publish": { body: { domainId: SAMPLE_IDS.domain } },
  "POST /api/v1/sandbox/faults": { body: { domainId: SAMPLE_IDS.domain, fault: "expired" } },
  "POST /api/v1/sandbox/deliver": { body: { domainId: SAMPLE_IDS.domain } },
};

type Parameter = { name?: string; in?: string; example?: unknown };
type Operation = {
  parameters?: unknown[];
  requestBody?: { content?: Record<string, { example?: unknown }> };
};

/** Puts its example into an operation of the OpenAPI document. */
export function addExample(method: string, path: string, operation: Operation): void {
  const { query = {}, body } = OPERATION_EXAMPLES[`${method.toUpperCase()} ${path}`] ?? {};
  for (const parameter of (operation.parameters ?? []) as Parameter[]) {
    const { name = "" } = parameter;
    const example = parameter.in === "path" ? samplePathValue(path, name) : query[name];
    if (parameter.in !== "header" && example !== undefined) parameter.example = example;
  }
  const json = operation.requestBody?.content?.["application/json"];
  if (json && body !== undefined) json.example = body;
}

function samplePathValue(path: string, name: string): string | number {
  const before =
    path
      .slice(0, path.indexOf(`/{${name}}`))
      .split("/")
      .at(-1) ?? "";
  const kind = name === "id" ? ID_KINDS[before] : undefined;
  if (kind) return SAMPLE_IDS[kind];
  if (name === "userCode") return "BCDF-GHJK";
  return name === "version" ? 1 : SAMPLE_TOKEN;
}
