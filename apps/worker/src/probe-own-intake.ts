import { randomUUID } from "node:crypto";
import { TEST_MAIL_SETTING } from "@waxseal/core/alerting";
import type { BounceAddresses, Mailer } from "@waxseal/core/mail";
import type { Database } from "@waxseal/db";

type Deps = {
  db: Database;
  bounces: BounceAddresses;
  /** Straight to the MX host of the reports domain, as senders do it. */
  mailer: Pick<Mailer, "sendMail">;
  now(): Date;
};

const SEND_EVERY_MS = 30 * 60_000;
const SEND_AGAIN_MS = 10 * 60_000;

/**
 * Sends a mail to ourselves every half hour and answers for how long the last one has not arrived; 0: it has, or none was sent yet. One
 * that does not arrive is sent again until it does. Of several workers one sends.
 */
export function createIntakeTest({ db, bounces, mailer, now }: Deps): () => Promise<number> {
  let lastMs = Number.NEGATIVE_INFINITY;

  async function send(id: string): Promise<void> {
    lastMs = now().getTime();
    const text = "Waxseal sends this to itself to see that reports arrive. Nothing to do.";
    // What keeps it from being sent keeps it from arriving, which is what is measured.
    await mailer
      .sendMail({ to: bounces.addressFor(id), subject: "Own test mail", text, html: `<p>${text}</p>` })
      .catch(() => undefined);
  }

  return async () => {
    const at = now();
    const known = await db.operatorSetting.findUnique({ where: { name: TEST_MAIL_SETTING } });
    const [id = "", sentAt = ""] = known?.value.split(" ") ?? [];
    if (id !== "") {
      const underWayMs = Math.max(0, at.getTime() - Number(sentAt));
      if (Math.min(underWayMs, at.getTime() - lastMs) >= SEND_AGAIN_MS) await send(id);
      return underWayMs / 1_000;
    }
    if (at.getTime() - lastMs < SEND_EVERY_MS) return 0;
    const fresh = randomUUID();
    const { count } = await db.operatorSetting.createMany({
      data: [{ name: TEST_MAIL_SETTING, value: `${fresh} ${at.getTime()}` }],
      skipDuplicates: true,
    });
    if (count > 0) await send(fresh);
    return 0;
  };
}
