import type { Mailer } from "@waxseal/core/mail";
import type { OperatorMessage, SendToOperator } from "@waxseal/core/operating";
import type { Logger } from "@waxseal/runtime";

type Options = {
  mailer: Pick<Mailer, "sendMail"> | undefined;
  /** Undefined: no mail. */
  to: string | undefined;
  /** Posted to; the operator's own setting, so that it may be an address in their network. */
  url: string | undefined;
  logger: Logger;
};

const TIMEOUT_MS = 10_000;

/**
 * Sends messages to the operator straight to the mail server and the webhook, without the database and its queue: these are what may be
 * broken.
 */
export function createSendToOperator({ mailer, to, url, logger }: Options): SendToOperator {
  return async (message) => {
    const title = titleOf(message);
    const mail = mailer && to ? mailer.sendMail(formatMail(message, to)) : undefined;
    const post = url ? postJson(url, { text: `${title}\n${message.text}`, ...describe(message) }) : undefined;
    const results = await Promise.allSettled([mail, post].filter((one) => one !== undefined));
    for (const result of results)
      if (result.status === "rejected")
        logger.error({ err: result.reason, condition: message.code }, "the operator could not be notified");
    return results.some(({ status }) => status === "fulfilled");
  };
}

/** Gives a dead man's switch its sign of life: it raises an alarm when none comes for some minutes. Never throws. */
export async function pingHeartbeat(url: string, logger: Logger): Promise<void> {
  await fetch(url, { method: "POST", redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) })
    .then(async (answer) => {
      await answer.body?.cancel();
      if (!answer.ok) logger.warn({ status: answer.status }, "HEARTBEAT_URL refused the heartbeat");
    })
    .catch((error: unknown) => logger.warn({ err: error }, "HEARTBEAT_URL does not answer"));
}

function describe({ kind, code, subject, severity, text, since }: OperatorMessage) {
  const data = { code, subject, severity, text, since: since.toISOString() };
  return { type: `operator.condition.${kind}`, data };
}

function titleOf({ kind, code, subject }: OperatorMessage): string {
  const about = code.startsWith("op.") ? subject : `${code}, ${subject}`;
  return `${kind === "over" ? "Over" : "Waxseal needs you"}: ${about}`;
}

function formatMail(message: OperatorMessage, to: string) {
  const subject = titleOf(message);
  const text = message.kind === "over" ? `This is over: ${message.text}` : message.text;
  const html = `<p>${text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)}</p>`;
  const headers = { "Auto-Submitted": "auto-generated", "TLS-Required": "No" };
  return { to, subject: subject.replace(/\s+/g, " ").slice(0, 150), text: `${text}\n`, html, headers };
}

/** @throws Error when it is not taken */
async function postJson(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/json", "user-agent": "Waxseal" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`OPERATOR_ALERT_URL answered with status ${answer.status}`);
}
