import { allowsMxHost } from "@waxseal/mta-sts";
import type { SenderSession } from "./build-session-report.ts";
import type { DeliveryPolicy } from "./create-policy-finder.ts";
import { deliverOverSmtp } from "./deliver-over-smtp.ts";
import type { MailNames } from "./resolve-mail-names.ts";
import type { Sender } from "./sender-personalities.ts";

/** One mail on its way: every session it took, and where it ended. */
export type DeliveryAttempt = { sessions: SenderSession[]; isDelivered: boolean; story: string };

type Failure = NonNullable<SenderSession["failure"]>;

/**
 * Delivers one mail as a sender under a policy does: MX hosts in order, stopping at the first that takes it.
 *
 * Under `enforce` a host that is not in the policy or whose TLS is bad is passed
 * over; under `testing` it gets the mail and the failure is remembered. Never throws.
 *
 * RFC 8461 §5
 */
export async function deliverAsSender(input: {
  sender: Sender;
  domain: string;
  mxHosts: readonly string[];
  found: DeliveryPolicy;
  names: MailNames;
  mxPort: number;
  caPem: string;
  now: () => Date;
}): Promise<DeliveryAttempt> {
  const { sender, domain, found, now } = input;
  const sessions: SenderSession[] = [];
  const stories: string[] = [];
  const remember = (failure: Failure | undefined) => {
    sessions.push({
      at: now(),
      domain,
      policyType: found.type === "none" ? "no-policy-found" : "sts",
      policyLines: found.type === "sts" ? found.lines : [],
      mxPatterns: found.type === "sts" ? [...found.policy.mx] : [],
      failure,
    });
  };

  for (const mxHost of input.mxHosts.slice(0, 5)) {
    const isAllowed = found.type !== "sts" || allowsMxHost(found.policy.mx, mxHost);
    const isEnforced = found.type === "sts" && found.policy.mode === "enforce";
    if (!isAllowed && isEnforced) {
      remember(
        failureOf({ resultType: "validation-failure", reasonCode: "mx-not-in-policy", mxHost, sender }),
      );
      stories.push(`${mxHost}: not in the policy, passed over`);
      continue;
    }
    const [address] = await input.names.addresses(mxHost).catch(() => []);
    if (!address) {
      stories.push(`${mxHost}: no address`);
      continue;
    }
    const outcome = await deliverOverSmtp({
      mxHost,
      address,
      port: input.mxPort,
      ehloName: `mta1.${sender.domain}`,
      from: `newsletter@${sender.domain}`,
      to: `postmaster@${domain}`,
      message: greeting(sender, domain, now()),
      tls: found.type === "sts" ? (isEnforced ? "verified" : "reported") : "any",
      caPem: input.caPem,
    });
    const problem =
      outcome.failure ??
      (isAllowed ? undefined : { resultType: "validation-failure", reasonCode: "mx-not-in-policy" });
    const helo = sender.style === "postfix" ? outcome.ehlo : null;
    // RFC 8460 §4.3.4: a host that cannot be reached is no finding about TLS.
    if (outcome.isDelivered || outcome.failure) {
      remember(
        found.type === "failed"
          ? failureOf({ ...found, sender })
          : problem && failureOf({ ...problem, mxHost, address, helo, sender }),
      );
    }
    const tls = outcome.isSecure ? "TLS" : "in the clear";
    const verdict = problem ? `${problem.resultType} ${problem.reasonCode}`.trim() : "good";
    stories.push(
      outcome.isDelivered
        ? `${mxHost} (${address}): delivered, ${tls}, ${verdict}`
        : `${mxHost} (${address}): not delivered, ${problem ? verdict : (outcome.problem ?? "failed")}`,
    );
    if (outcome.isDelivered) return { sessions, isDelivered: true, story: stories.join("; ") };
  }
  return { sessions, isDelivered: false, story: stories.join("; ") || "no MX host takes mail" };
}

function failureOf(input: {
  resultType: string;
  reasonCode: string;
  mxHost?: string;
  address?: string;
  helo?: string | null;
  sender: Sender;
}): Failure {
  return {
    resultType: input.resultType,
    sendingMtaIp: input.mxHost ? input.sender.sendingMtaIp : null,
    receivingMxHost: input.mxHost ?? null,
    receivingMxHelo: input.helo ?? null,
    receivingIp: input.address ?? null,
    failureReasonCode: input.reasonCode || null,
  };
}

function greeting(sender: Sender, domain: string, at: Date): Buffer {
  return Buffer.from(
    [
      `From: ${sender.organizationName} <newsletter@${sender.domain}>`,
      `To: postmaster@${domain}`,
      "Subject: A mail of the sandbox",
      `Date: ${at.toUTCString().replace("GMT", "+0000")}`,
      `Message-ID: <${at.getTime()}.${Math.random().toString(36).slice(2)}@${sender.domain}>`,
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=us-ascii",
      "",
      "Hello from the sandbox.",
      "",
    ].join("\r\n"),
  );
}
