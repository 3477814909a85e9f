import { randomBytes, randomUUID } from "node:crypto";
import { AlertWebhookBody } from "@waxseal/contract";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import type { AlertMessage } from "./alert-message.ts";
import { formatChannelRequest } from "./channel-requests.ts";

const AT = new Date();
/** Words that a stranger could have put into a name. */
const HOSTILE = "<!channel> @everyone [x](https://evil.example) *b* & <https://evil.example|ok>";
const message: AlertMessage = {
  ...{ id: "m1", kind: "opened", incidentId: "i1", severity: "critical", condition: "mx.badTls" },
  ...{ title: `mx1 ${HOSTILE}`, text: HOSTILE, action: HOSTILE, note: null },
  domains: Array.from({ length: 50 }, (_, n) => ({
    id: `d${n}`,
    domain: `${"x".repeat(60)}${n}.example`,
    customer: HOSTILE,
  })),
  ...{ domainCount: 400, openedAt: AT, resolvedAt: null, url: "https://waxseal.example/a/1/alerts/i1" },
};
const secret = () => `whsec_${randomBytes(32).toString("base64")}`;
const bodyOf = (kind: "slack" | "teams" | "discord" | "pagerduty", changes: Partial<AlertMessage> = {}) =>
  formatChannelRequest({ kind, target: "T", secrets: [] }, { ...message, ...changes }, AT);

test("a webhook is signed by Standard Webhooks with the new secret and the one before it", () => {
  const secrets = [secret(), secret()];
  const { headers, body } = formatChannelRequest({ kind: "webhook", target: "T", secrets }, message, AT);
  for (const one of secrets)
    expect(new Webhook(one).verify(body, headers)).toMatchObject({ type: "incident.opened" });
  expect(() => new Webhook(secret()).verify(body, headers)).toThrow();
  expect(headers["webhook-id"]).toBe("m1");
  expect(body.length).toBeLessThan(20_000);
});

test("every message of a webhook has the shape that the OpenAPI document describes", () => {
  const none = { incidentId: null, condition: null, openedAt: null, domains: [], domainCount: 0 };
  for (const changes of [
    {},
    { kind: "resolved", resolvedAt: AT, action: null },
    { kind: "test", ...none },
  ] as const) {
    const ids = {
      incidentId: randomUUID(),
      domains: [{ id: randomUUID(), domain: "a.example", customer: null }],
    };
    const one = { ...message, ...ids, ...changes } as AlertMessage;
    const { body } = formatChannelRequest({ kind: "webhook", target: "T", secrets: [secret()] }, one, AT);
    expect(AlertWebhookBody.strict().parse(JSON.parse(body))).toEqual(JSON.parse(body));
  }
});

test("PagerDuty gets the same key for the beginning and the end of an incident", () => {
  const [opened, resolved] = [bodyOf("pagerduty"), bodyOf("pagerduty", { kind: "resolved" })].map(
    ({ body }) => JSON.parse(body),
  );
  expect([opened.event_action, opened.dedup_key]).toEqual(["trigger", "i1"]);
  expect([resolved.event_action, resolved.dedup_key]).toEqual(["resolve", "i1"]);
});

test("names that strangers chose are text in Slack, Teams and Discord, and mention no one", () => {
  const slack = bodyOf("slack").body;
  expect(slack).not.toMatch(/<!channel>|<https:/);
  const { embeds, allowed_mentions: mentions } = JSON.parse(bodyOf("discord").body);
  expect(mentions).toEqual({ parse: [] });
  expect(embeds[0].description).not.toMatch(/(?<!\\)[[*@]/);
  expect(bodyOf("teams").body).not.toMatch(/(?<!\\\\)\[x/);
});

test("no message is larger than its service takes", () => {
  const long = { title: "t".repeat(5_000), text: "x".repeat(9_000), action: "y".repeat(9_000) };
  const [embed] = JSON.parse(bodyOf("discord", long).body).embeds;
  expect(embed.title.length).toBeLessThanOrEqual(256);
  expect(embed.description.length).toBeLessThanOrEqual(4_096);
  for (const field of embed.fields) expect(field.value.length).toBeLessThanOrEqual(1_024);
  for (const block of JSON.parse(bodyOf("slack", long).body).blocks) {
    expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3_000);
  }
  expect(bodyOf("teams", long).body.length).toBeLessThan(28_000);
});
