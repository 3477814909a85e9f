import { DAY_MS } from "@waxseal/runtime/time-spans";

/** A channel that fails, or a member's mailbox from which mails came back. */
export type FailingReceiver = {
  accountId: string;
  /** The channel's or the member's. */
  id: string;
  kind: "channel" | "mailbox";
  /** As people call it. */
  name: string;
  /** Messages to it go by mail. */
  isMail: boolean;
  /** Messages are no longer sent to it. */
  isOff: boolean;
  failingSince: Date;
};

/** What an alert about a receiver goes by. */
export type ReceiverEvidence = { receiver: FailingReceiver["kind"]; id: string; isOff: boolean };

const FAILING_MS = DAY_MS;

/** Whether alerts no longer reach a receiver: it is turned off, or nothing arrived for a day. */
export function isReceiverDead({ isOff, failingSince }: FailingReceiver, now: Date): boolean {
  return isOff || now.getTime() - failingSince.getTime() >= FAILING_MS;
}

/** The channel or person that an alert says is not reached: it is not sent there. */
export function deadReceiverOf(evidence: unknown): ReceiverEvidence | undefined {
  const { receiver, id, isOff }: Record<string, unknown> = { ...Object(evidence) };
  if ((receiver !== "channel" && receiver !== "mailbox") || typeof id !== "string") return undefined;
  return { receiver, id, isOff: isOff === true };
}
