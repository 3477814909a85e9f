import { randomUUID } from "node:crypto";
import { addPasskeyRow } from "./add-passkey-row.ts";
import { CHANNEL, FILTER, type Kind } from "./route-plans.ts";
import type { TestApi } from "./start-test-api.ts";

/** One object of every kind that has an id in the API. */
export async function fillAccount(
  api: TestApi,
  { accountId, key }: { accountId: string; key: string },
): Promise<Record<Kind, string>> {
  const added = await api.ask("POST", "/api/v1/domains", { key, body: { domain: "theirs.example" } });
  const domainId = String(Object(added.json).id);
  const at = new Date();
  const message = await api.reports.reportMessage.create({
    data: {
      accountId,
      domainId,
      transport: "https",
      receivedAt: at,
      contentSha256: "0".repeat(64),
      raw: Buffer.from("{"),
      state: "quarantined",
      quarantineReason: "not-json",
      quarantineDetail: "theirs.example",
    },
  });
  const reportDay = new Date(`${at.toISOString().slice(0, 10)}T00:00:00Z`);
  await api.reports.$queryRaw`select ensure_report_partitions(${reportDay}::date)::text`;
  const report = await api.reports.tlsReport.create({
    data: {
      accountId,
      reportDay,
      domainId,
      messageId: message.id,
      reporter: "theirs.example",
      reportId: "r1",
      startAt: reportDay,
      endAt: at,
      successfulSessions: 1n,
      failedSessions: 0n,
      resultTypes: [],
      trust: "unauthenticated",
      transport: "https",
      quirks: [],
      identity: "identity",
      policies: [],
      receivedAt: at,
    },
  });
  const apiKey = await api.db.apikey.findFirstOrThrow({ where: { referenceId: accountId } });
  const cookie = await api.signInAs(accountId, "owner");
  const body = { email: "theirs.example@people.example", role: "viewer" };
  const invited = await api.ask("POST", "/api/v1/invitations", { cookie, body });
  const session = await api.db.session.findFirstOrThrow({ where: { activeOrganizationId: accountId } });
  const member = await api.db.member.findFirstOrThrow({ where: { organizationId: accountId } });
  const sheet = await api.ask("POST", "/api/v1/instruction-sheets", { key, body: {} });
  const filter = await api.ask("POST", "/api/v1/saved-filters", { key, body: FILTER });
  const prepared = { domainIds: [domainId], edit: { maxAgeSeconds: 86_400 } };
  const change = await api.ask("POST", "/api/v1/policy-changes", { key, body: prepared });
  const channel = await api.ask("POST", "/api/v1/channels", { key, body: CHANNEL });
  const channelId = String(Object(channel.json).id);
  const email = `it@${randomUUID()}.example`;
  const recipient = await api.ask("POST", "/api/v1/monthly-report/recipients", { key, body: { email } });
  const incident = { accountId, incidentId: randomUUID() };
  const about = { condition: "mx.badTls", subject: "mx.theirs.example", severity: "critical", openedAt: at };
  await api.db.incident.create({
    data: { ...about, accountId, id: incident.incidentId, causeKey: "mx:theirs" },
  });
  const alert = {
    ownerId: accountId,
    alertId: randomUUID(),
    domainId,
    domain: "theirs.example",
    evidence: {},
  };
  await api.db.incidentAlert.create({ data: { ...incident, ...about, ...alert } });
  const mail = { id: randomUUID(), channelId, kind: "opened", state: "sent", createdAt: at, nextAt: at };
  await api.db.notification.create({ data: { ...incident, ...mail } });
  const customer = await api.ask("POST", "/api/v1/customers", { key, body: { name: "theirs.example" } });
  return {
    customer: String(Object(customer.json).id),
    incident: incident.incidentId,
    channel: channelId,
    recipient: String(Object(recipient.json).id),
    notification: mail.id,
    domain: domainId,
    sheet: String(Object(sheet.json).id),
    filter: String(Object(filter.json).id),
    change: String(Object(change.json).id),
    report: report.id,
    message: message.id,
    apiKey: apiKey.id,
    member: member.userId,
    session: session.id,
    passkey: await addPasskeyRow(api.db, member.userId, "theirs.example"),
    invitation: String(Object(invited.json).id),
  };
}
