import { z } from "zod";
import { Id } from "./domain-shapes.ts";
import { pageAnswer, pageQuery } from "./page-shapes.ts";

/** Everything that is written to the timeline and the audit log. */
export const EVENT_KINDS = [
  "account.created",
  "account.renamed",
  "account.closing",
  "account.keptOpen",
  "account.twoFactorChanged",
  "customer.created",
  "customer.changed",
  "member.invited",
  "invitation.revoked",
  "member.joined",
  "member.roleChanged",
  "member.removed",
  "member.twoFactorChanged",
  "member.passwordChanged",
  "member.emailChanged",
  "member.recoveryCodesRenewed",
  "member.recoveryCodeUsed",
  "member.twoFactorResetAsked",
  "member.twoFactorResetCanceled",
  "member.twoFactorReset",
  "member.passkeyAdded",
  "member.passkeyRemoved",
  "sso.changed",
  "sso.removed",
  "sso.failed",
  "apiKey.created",
  "apiKey.deleted",
  "domain.added",
  "domain.claimed",
  "domain.active",
  "domain.leaving",
  "domain.left",
  "domain.restored",
  "domain.removed",
  "domain.shared",
  "domain.unshared",
  "setup.changed",
  "mx.changed",
  "policy.created",
  "policy.published",
  "policy.publishFailed",
  "policy.held",
  "certificate.orderStarted",
  "certificate.issued",
  "certificate.failed",
  "certificate.stopped",
  "report.received",
  "report.quarantined",
  "quarantine.reparsed",
  "retention.changed",
  "sheet.created",
  "sheet.ended",
  "brand.changed",
  "brand.hostChanged",
  "domain.tagged",
  "savedFilter.created",
  "savedFilter.removed",
  "policyChange.prepared",
  "policyChange.continued",
  "policyChange.stopped",
  "incident.changed",
  "channel.added",
  "channel.changed",
  "channel.removed",
  "monthlyReport.addressAdded",
  "monthlyReport.addressRemoved",
  "monthlyReport.customersChanged",
] as const;

/** One of {@link EVENT_KINDS}. */
export type EventKind = (typeof EVENT_KINDS)[number];

/** One thing that happened; `text` says it in words. */
export const EventView = z
  .object({
    id: Id,
    at: z.iso.datetime(),
    kind: z.enum(EVENT_KINDS),
    actor: z.object({ kind: z.enum(["user", "apiKey", "job", "operator"]), name: z.string() }),
    accountId: z.string().describe("The account that it happened in"),
    customer: z
      .string()
      .nullable()
      .optional()
      .describe("With scope=customers: the customer; null: this account itself"),
    domainId: Id.nullable(),
    text: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Event" });

/** A page of events, newest first. */
export const EventListView = z.object({ items: z.array(EventView), ...pageAnswer }).meta({ id: "EventList" });

const EventFilter = z.object({
  actor: z.string().max(100).optional().describe("Who: the start of a name, any case"),
  kind: z.string().max(50).optional().describe("What: a kind, or its first word such as policy"),
  domainId: Id.optional(),
  from: z.iso.datetime().optional().describe("Inclusive, UTC"),
  to: z.iso.datetime().optional().describe("Exclusive, UTC"),
});

/** Query of event lists. */
export const EventListQuery = EventFilter.extend({
  scope: z
    .enum(["account", "customers"])
    .optional()
    .describe("customers: of this account and of all its customers; default: of this account"),
  ...pageQuery(50),
});

/** Query of `GET /events/export`. */
export const EventExportQuery = EventFilter.extend({ format: z.enum(["csv", "json"]).default("csv") });
