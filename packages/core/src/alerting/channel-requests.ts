import type { ChannelKind } from "@waxseal/contract";
import { Webhook } from "standardwebhooks";
import { type AlertMessage, listDomains, subjectOf } from "./alert-message.ts";

/** One request to a channel. */
export type ChannelRequest = { url: string; headers: Record<string, string>; body: string };

/** A channel with its secrets opened. */
export type OpenChannel = {
  kind: ChannelKind;
  /** The address to post to; PagerDuty's routing key. */
  target: string;
  /** Those that sign a webhook's messages, the newest first. */
  secrets: readonly string[];
};

const PAGERDUTY_URL = "https://events.pagerduty.com/v2/enqueue";
const AGENT = { "user-agent": "Waxseal-Webhook", "content-type": "application/json" };

/** A message in the shape of the channel that it goes to. Mail channels are not posted to. */
export function formatChannelRequest(channel: OpenChannel, message: AlertMessage, at: Date): ChannelRequest {
  const post = (url: string, body: unknown) => ({ url, headers: AGENT, body: JSON.stringify(body) });
  switch (channel.kind) {
    case "slack":
      return post(channel.target, slackBody(message));
    case "teams":
      return post(channel.target, teamsBody(message));
    case "discord":
      return post(channel.target, discordBody(message));
    case "pagerduty":
      return post(PAGERDUTY_URL, pagerDutyBody(message, channel.target));
    case "webhook":
    case "mail":
      return signedRequest(channel, message, at);
  }
}

/** Standard Webhooks 1.0: the id stays the same at every attempt, the time is the attempt's. */
function signedRequest({ target, secrets }: OpenChannel, message: AlertMessage, at: Date): ChannelRequest {
  const body = JSON.stringify(webhookBody(message, at));
  const signatures = secrets.map((secret) => new Webhook(secret).sign(message.id, at, body));
  const headers = {
    ...AGENT,
    "webhook-id": message.id,
    "webhook-timestamp": `${Math.floor(at.getTime() / 1_000)}`,
    "webhook-signature": signatures.join(" "),
  };
  return { url: target, headers, body };
}

const TYPES: Partial<Record<AlertMessage["kind"], string>> = {
  opened: "incident.opened",
  resolved: "incident.resolved",
  test: "test",
  overflow: "incidents.held",
};

/** The body of a webhook; its shape is in the OpenAPI document under `webhooks`. */
function webhookBody(message: AlertMessage, at: Date) {
  const { kind, incidentId, severity, condition, title, text, action, domains, domainCount } = message;
  return {
    type: TYPES[kind] ?? "incident.changed",
    timestamp: at.toISOString(),
    data: {
      incident: {
        ...{ id: incidentId, url: message.url, severity, condition, title, text, action },
        openedAt: message.openedAt?.toISOString() ?? null,
        resolvedAt: message.resolvedAt?.toISOString() ?? null,
        isReminder: kind === "reminder",
      },
      domains,
      domainCount,
    },
  };
}

const EMOJI = { critical: ":red_circle:", warning: ":large_orange_circle:", notice: ":large_blue_circle:" };
const WORDS = { critical: "Critical", warning: "Warning", notice: "Notice" };

/** Slack takes `&`, `<` and `>` as its own; everything else is shown as it is. */
function slackBody(message: AlertMessage) {
  const quoted = (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const title = clip(quoted(subjectOf(message)), 280);
  const icon = message.kind === "resolved" ? ":white_check_mark:" : EMOJI[message.severity];
  const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text: clip(text, 2_900) } });
  return {
    text: title,
    blocks: [
      section(`${icon} *${title.replaceAll("*", "∗")}*\n${quoted(message.text)}`),
      ...(message.action ? [section(`*Action needed*\n${quoted(message.action)}`)] : []),
      ...(message.domainCount > 0 ? [section(`*Domains*\n${quoted(listDomains(message, 30))}`)] : []),
      {
        type: "actions",
        elements: [{ type: "button", text: { type: "plain_text", text: "See the alert" }, url: message.url }],
      },
    ],
  };
}

/** An Adaptive Card, as Workflows takes it. Its texts are Markdown. */
function teamsBody(message: AlertMessage) {
  const quoted = (text: string) => text.replace(/[\\`*_{}[\]()#+!|<>~]/g, "\\$&");
  const color =
    message.kind === "resolved" ? "good" : message.severity === "critical" ? "attention" : "warning";
  const block = (text: string, more: object = {}) => ({
    ...{ type: "TextBlock", wrap: true, text: clip(quoted(text), 2_000) },
    ...more,
  });
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            block(subjectOf(message), { size: "medium", weight: "bolder", color }),
            block(message.text),
            ...(message.action ? [block(`Action needed. ${message.action}`)] : []),
            ...(message.domainCount > 0 ? [block(`Domains: ${listDomains(message, 30)}`)] : []),
          ],
          actions: [{ type: "Action.OpenUrl", title: "See the alert", url: message.url }],
        },
      },
    ],
  };
}

const COLORS = { critical: 0xd92d20, warning: 0xd97706, notice: 0x1f5fbf };

function discordBody(message: AlertMessage) {
  const quoted = (text: string) => text.replace(/[\\`*_{}[\]()#+!|<>~:@-]/g, "\\$&");
  const field = (name: string, value: string) => ({ name, value: clip(quoted(value), 1_000) });
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: clip(quoted(subjectOf(message)), 250),
        description: clip(quoted(message.text), 2_000),
        url: message.url,
        color: message.kind === "resolved" ? 0x1a7f37 : COLORS[message.severity],
        fields: [
          ...(message.action ? [field("Action needed", message.action)] : []),
          ...(message.domainCount > 0 ? [field("Domains", listDomains(message, 30))] : []),
        ],
      },
    ],
  };
}

/** The incident is the key, so that its end closes what its beginning opened. PagerDuty Events API v2. */
function pagerDutyBody(message: AlertMessage, routingKey: string) {
  const severities = { critical: "critical", warning: "warning", notice: "info" } as const;
  return {
    routing_key: routingKey,
    event_action: message.kind === "resolved" ? "resolve" : "trigger",
    dedup_key: message.incidentId ?? message.id,
    client: "Waxseal",
    client_url: message.url,
    links: [{ href: message.url, text: "See the alert" }],
    payload: {
      summary: clip(`${WORDS[message.severity]}: ${subjectOf(message)}`, 1_000),
      source: message.domains[0]?.domain ?? "Waxseal",
      severity: severities[message.severity],
      class: message.condition ?? "test",
      custom_details: {
        text: message.text,
        action: message.action ?? "",
        domains: listDomains(message, 50),
      },
    },
  };
}

function clip(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
