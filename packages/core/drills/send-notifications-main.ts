import { openDatabase } from "@waxseal/db";
import { sendNotifications } from "../src/alerting/send-notifications.ts";
import { createBounceAddresses } from "../src/mail/bounce-address.ts";
import { createSecretBox } from "../src/secret-box.ts";

// Sends what is due again and again until it is killed. Its time runs faster, so that leases end within seconds.
const [databaseUrl = "", hookUrl = "", secretKeys = "", startMs = "0", speed = "1"] = process.argv.slice(2);
const db = openDatabase(databaseUrl);
const now = () => new Date(Number(startMs) + (Date.now() - Number(startMs)) * Number(speed));
for (;;) {
  await sendNotifications({
    ...{ db, now, secretBox: createSecretBox(secretKeys), publicUrl: "https://waxseal.example" },
    mailDomain: "reports.example",
    bounces: createBounceAddresses(secretKeys, "reports.example"),
    queueMail: async () => undefined,
    onFailure: () => undefined,
    https: {
      send: async ({ headers, body }) => {
        const answer = await fetch(hookUrl, { method: "POST", headers: headers ?? {}, body: body ?? "" });
        return { status: answer.status, body: await answer.text(), bodyBytes: 2, headers: {} };
      },
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
}
