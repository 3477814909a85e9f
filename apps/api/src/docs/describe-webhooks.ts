import { AlertWebhookBody } from "@waxseal/contract";
import { z } from "zod";

const EVENTS: Record<string, string> = {
  "incident.opened": "An alert opened",
  "incident.changed": "An alert became worse, has more domains, or is still open",
  "incident.resolved": "An alert is over; sent to every channel that got its beginning",
  "incidents.held": "A limit held back messages of this hour; the list of alerts has them",
  test: "A test that a person asked for",
};

const DESCRIPTION =
  "Signed by Standard Webhooks 1.0: check `webhook-signature` with the channel's secret. `webhook-id` stays the same when a message is sent again, so that you can drop copies. Any answer of the 2xx range is a delivery; 410 turns the channel off; others are tried again for three days.";

/** What webhooks of channels get, for `webhooks` of an OpenAPI 3.1 document. */
export function describeWebhooks(): Record<string, object> {
  const { $schema: _, ...schema } = z.toJSONSchema(AlertWebhookBody, { io: "output" });
  const header = (name: string, description: string) => ({
    ...{ name, description, in: "header", required: true },
    schema: { type: "string" },
  });
  return Object.fromEntries(
    Object.entries(EVENTS).map(([event, summary]) => [
      event,
      {
        post: {
          operationId: `${event.replace(/\W(\w)/g, (_all, letter: string) => letter.toUpperCase())}Webhook`,
          ...{ tags: ["Alerts"], summary, description: DESCRIPTION, security: [] },
          parameters: [
            header("webhook-id", "Of the message, the same at every attempt"),
            header("webhook-timestamp", "Of the attempt, in seconds"),
            header("webhook-signature", "One signature for each valid secret"),
          ],
          requestBody: { required: true, content: { "application/json": { schema } } },
          responses: {
            "200": { description: "Delivered" },
            "4XX": { description: "Not delivered; 410 turns the channel off" },
          },
        },
      },
    ]),
  );
}
