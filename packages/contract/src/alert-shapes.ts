import { z } from "zod";
import { ALERT_CONDITION_CODES } from "./alert-conditions.ts";
import { Id } from "./domain-shapes.ts";
import { pageAnswer, pageQuery } from "./page-shapes.ts";

const instant = z.iso.datetime().describe("UTC");

/** critical: mail is being refused or will be within days; warning: it will be if nothing is done; notice: good to know. */
export const AlertSeverity = z.enum(["critical", "warning", "notice"]);
/** One of the severities of an alert. */
export type AlertSeverity = z.infer<typeof AlertSeverity>;

/** Why a message was sent. `worse`: the severity rose; `changed`: more domains have it; `channelDisabled`: by an earlier release only. */
export const NotificationKind = z.enum([
  "opened",
  "worse",
  "changed",
  "reminder",
  "resolved",
  "test",
  "overflow",
  "channelDisabled",
]);
/** One of the kinds of a message. */
export type NotificationKind = z.infer<typeof NotificationKind>;

/** Where alerts can be sent. */
export const ChannelKind = z.enum(["mail", "webhook", "slack", "teams", "discord", "pagerduty"]);
/** One of the kinds of a channel. */
export type ChannelKind = z.infer<typeof ChannelKind>;

const names = z.array(z.string().min(1).max(100)).max(50).optional();
const conditions = z.array(z.enum(ALERT_CONDITION_CODES)).max(50).optional();

/** Which incidents a channel takes; an empty list, like a missing one, is all of them. */
export const ChannelMatch = z.object({
  conditions: conditions.describe("Codes of conditions, e.g. `mx.badTls`"),
  tags: names.describe("Tags of the domains"),
  customers: names.describe("Ids of the accounts that the domains belong to"),
});

const name = z.string().trim().min(1).max(80);
const target = z
  .string()
  .trim()
  .min(1)
  .max(2_048)
  .describe("The address to post to, an email address, or the integration key of PagerDuty. Not shown again");

/** `POST /channels` */
export const ChannelBody = z
  .object({
    kind: ChannelKind,
    name,
    target,
    minSeverity: AlertSeverity.default("warning"),
    match: ChannelMatch.default({}),
  })
  .meta({ id: "NewChannel" });

/** `PATCH /channels/:id`: what is missing stays. */
export const ChannelChangeBody = z
  .object({
    name: name.optional(),
    target: target.optional(),
    minSeverity: AlertSeverity.optional(),
    match: ChannelMatch.optional(),
    isEnabled: z.boolean().optional().describe("true: use a disabled channel again"),
  })
  .meta({ id: "ChannelChange" });

/** unverified: a mail address whose owner has not confirmed it; failing: the last delivery failed; disabled: nothing is sent to it. */
export const ChannelState = z.enum(["active", "unverified", "failing", "disabled"]);

/** A place to which alerts are sent. */
export const ChannelView = z
  .object({
    id: Id,
    kind: ChannelKind,
    name: z.string(),
    target: z.string().describe("Host and last four characters: the address itself is a secret"),
    minSeverity: AlertSeverity,
    match: ChannelMatch,
    state: ChannelState,
    problem: z.string().nullable().describe("Why it is failing or disabled"),
    deliveredAt: instant.nullable(),
    createdAt: instant,
    hasSecret: z.boolean().describe("Messages are signed (Standard Webhooks)"),
    oldSecretUntil: instant.nullable().describe("Until when the previous secret signs too"),
  })
  .meta({ id: "Channel" });

/** Channels, oldest first. `hint`: what to improve about who is reached. */
export const ChannelListView = z
  .object({ items: z.array(ChannelView), ...pageAnswer, hint: z.string().nullable() })
  .meta({ id: "ChannelList" });

/** A new channel; `secret` signs a webhook's messages and is shown only now. */
export const CreatedChannelView = ChannelView.extend({ secret: z.string().nullable() }).meta({
  id: "CreatedChannel",
});

/** The new secret of a webhook; the one before it also signs until `oldSecretUntil`. */
export const ChannelSecretView = z
  .object({ secret: z.string(), oldSecretUntil: instant.nullable() })
  .meta({ id: "ChannelSecret" });

/** What became of a test message. Chat services accept before they show, so look whether it arrived. */
export const ChannelTestView = z
  .object({ ok: z.boolean(), status: z.int().nullable(), detail: z.string() })
  .meta({ id: "ChannelTest" });

/** One attempt to send a message. */
export const DeliveryView = z
  .object({
    id: Id,
    notificationId: Id,
    incidentId: Id.nullable(),
    kind: NotificationKind,
    summary: z.string().nullable(),
    at: instant,
    ok: z.boolean(),
    status: z.int().nullable().describe("Of the HTTP answer"),
    detail: z.string().nullable(),
    ms: z.int(),
  })
  .meta({ id: "Delivery" });

/** The attempts of the last 30 days, newest first, and how many messages a limit held back in the last 24 hours. */
export const DeliveryListView = z
  .object({ items: z.array(DeliveryView), ...pageAnswer, heldBack: z.int() })
  .meta({ id: "DeliveryList" });

/** One domain of an incident. */
const IncidentDomainView = z.object({
  domainId: Id.nullable(),
  accountId: z.string(),
  customer: z
    .string()
    .nullable()
    .describe("Name of the customer the domain belongs to; null: this account's own"),
  domain: z.string(),
  condition: z.string(),
  subject: z.string(),
  text: z.string(),
  resolvedAt: instant.nullable(),
});

/** A cause and all domains that have it. */
export const IncidentView = z
  .object({
    id: Id,
    title: z.string(),
    text: z.string(),
    action: z.string().describe("Who has to do what"),
    condition: z.string().describe("Of its worst alert; the list may grow"),
    severity: AlertSeverity.describe("The highest it had"),
    state: z.enum(["open", "resolved"]),
    openedAt: instant,
    resolvedAt: instant.nullable(),
    acknowledgedAt: instant.nullable(),
    acknowledgedBy: z.string().nullable(),
    snoozedUntil: instant.nullable(),
    note: z.string().nullable(),
    isNotUseful: z.boolean(),
    domainCount: z.int(),
    domains: z.array(IncidentDomainView).describe("At most 50 in a list, 1,000 of one incident"),
  })
  .meta({ id: "Incident" });

/** `GET /incidents` */
export const IncidentQuery = z.object({
  state: z.enum(["open", "resolved", "all"]).default("open"),
  severity: AlertSeverity.optional(),
  condition: z.string().max(50).optional(),
  domainId: Id.optional(),
  ...pageQuery(50),
});

/** Incidents, newest first, and how many critical and warning ones are open. */
export const IncidentListView = z
  .object({
    items: z.array(IncidentView),
    ...pageAnswer,
    open: z.object({ critical: z.int(), warning: z.int(), notice: z.int() }),
  })
  .meta({ id: "IncidentList" });

/** One message about an incident. */
const IncidentMessageView = z.object({
  id: Id,
  kind: NotificationKind,
  to: z.string().describe("A member's name, or a channel's"),
  state: z.enum(["waiting", "sending", "sent", "given_up", "dropped"]),
  at: instant.describe("When it was sent, or when it is tried next"),
  summary: z.string().nullable(),
});

/** An incident with who heard of it. */
export const IncidentDetailView = IncidentView.extend({ messages: z.array(IncidentMessageView) }).meta({
  id: "IncidentDetail",
});

/** `POST /incidents/:id/snooze` */
export const SnoozeBody = z
  .object({ until: instant.nullable().describe("At most 30 days from now; null: end the snooze") })
  .meta({ id: "Snooze" });

/** `POST /incidents/:id/note` */
export const IncidentNoteBody = z
  .object({ note: z.string().trim().max(1_000).optional(), isNotUseful: z.boolean().optional() })
  .meta({ id: "IncidentNote" });

/** What a webhook of a channel gets. Fields may be added. */
export const AlertWebhookBody = z.object({
  type: z.string().describe("The name of the event, as under `webhooks`"),
  timestamp: instant.describe("Of the attempt"),
  data: z.object({
    incident: z.object({
      id: Id.nullable().describe("null: a test, or a message about several incidents"),
      url: z.string().describe("The page about it"),
      severity: AlertSeverity,
      condition: z.string().nullable().describe("Its code, such as mx.badTls; the list may grow"),
      title: z.string(),
      text: z.string(),
      action: z.string().nullable().describe("Who has to do what; null when it is over"),
      openedAt: instant.nullable(),
      resolvedAt: instant.nullable(),
      isReminder: z.boolean(),
    }),
    domains: z
      .array(z.object({ id: Id.nullable(), domain: z.string(), customer: z.string().nullable() }))
      .describe("At most 50"),
    domainCount: z.int(),
  }),
});

const minuteOfDay = z.int().min(0).max(1_439);

/** `PUT /me/notifications`: what a member hears of an account. */
export const SubscriptionBody = z
  .object({
    severity: z.enum(["critical", "warning", "notice", "off"]).describe("The least severity mailed at once"),
    digest: z.enum(["daily", "weekly", "monthly", "off"]),
    timeZone: z
      .string()
      .max(60)
      .refine((name) => isTimeZone(name), "is not a time zone, e.g. Europe/Berlin"),
    quiet: z
      .object({ from: minuteOfDay, until: minuteOfDay })
      .nullable()
      .describe("Minutes of the day between which only critical alerts are mailed"),
  })
  .meta({ id: "SubscriptionChange" });

/** What a member hears; `isDefault`: nothing was chosen yet. */
export const SubscriptionView = SubscriptionBody.extend({
  isDefault: z.boolean(),
  email: z.string(),
  bounce: z
    .object({ at: instant, detail: z.string() })
    .nullable()
    .describe("A mail to this address came back: nothing is sent to it until you save these settings"),
}).meta({ id: "Subscription" });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
