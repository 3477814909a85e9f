import type { Socket } from "node:net";
import { explainNetworkError } from "./explain-network-error.ts";

/** One reply: its code and the text of each line, without code. */
type SmtpReply = { readonly code: number; readonly lines: readonly string[] };

/** A reply, or why none came. */
type SmtpAnswer = SmtpReply | { readonly missing: "smtp-failed" | "timeout"; readonly detail: string };

/** The client's side of an SMTP session, one command at a time. */
export type SmtpDialogue = {
  /** Sends a line, unless `undefined` (for the greeting), and waits for the reply. */
  ask(line: string | undefined): Promise<SmtpAnswer>;
  /** Whether the server sent more than the last reply. */
  hasMore(): boolean;
  /** Stops reading; the socket stays open. */
  release(): void;
};

const MAX_REPLY_BYTES = 16_384;
const REPLY_LINE = /^(\d{3})(?:([ -])([^\r\n]*))?\r?\n/;

/** Talks SMTP over an open connection; replies of at most 16 KiB, until the deadline. RFC 5321 §4.2 */
export function openSmtpDialogue(socket: Socket, deadline: AbortSignal): SmtpDialogue {
  let received = "";
  let ended: string | undefined;
  let wake = () => {};
  const onData = (chunk: Buffer) => {
    received += chunk.toString("latin1");
    wake();
  };
  const onEnd = () => {
    ended ??= "The server closed the connection";
    wake();
  };
  const onError = (error: Error) => {
    ended = explainNetworkError(error);
    wake();
  };
  const onAbort = () => wake();
  socket.on("data", onData).on("close", onEnd).on("end", onEnd).on("error", onError);
  deadline.addEventListener("abort", onAbort);

  return {
    async ask(line) {
      if (line !== undefined) socket.write(`${line}\r\n`);
      while (true) {
        const taken = takeReply(received);
        if (taken) {
          received = taken.rest;
          return taken.answer;
        }
        if (received.length > MAX_REPLY_BYTES)
          return { missing: "smtp-failed", detail: "The reply is too long" };
        if (ended !== undefined) return { missing: "smtp-failed", detail: ended };
        if (deadline.aborted) return { missing: "timeout", detail: "The mail server took too long" };
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    hasMore: () => received !== "",
    release() {
      socket.off("data", onData).off("close", onEnd).off("end", onEnd).off("error", onError);
      deadline.removeEventListener("abort", onAbort);
    },
  };
}

function takeReply(received: string): { answer: SmtpAnswer; rest: string } | undefined {
  const lines: string[] = [];
  let rest = received;
  while (rest.includes("\n")) {
    const [whole, code, separator, text = ""] = REPLY_LINE.exec(rest) ?? [];
    if (whole === undefined || code === undefined) {
      return { answer: { missing: "smtp-failed", detail: "The server does not speak SMTP" }, rest };
    }
    lines.push(text);
    rest = rest.slice(whole.length);
    if (separator !== "-") return { answer: { code: Number(code), lines }, rest };
  }
  return undefined;
}
