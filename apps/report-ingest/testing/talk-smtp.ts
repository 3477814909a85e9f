import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** A test's hand on one SMTP session; `say` sends a line and resolves with the whole reply, or `closed`. */
export type SmtpTalk = {
  say(line: string): Promise<string>;
  /** The next reply without saying anything. */
  next(): Promise<string>;
  /** Everything after DATA, dot-stuffed, and the final reply. */
  deliver(message: Buffer): Promise<string>;
  startTls(): Promise<void>;
  socket(): Socket;
  close(): void;
};

/** Opens an SMTP session on loopback, for tests; the greeting has been read. */
export async function talkSmtp(port: number, from = "127.0.0.1"): Promise<SmtpTalk> {
  let socket: Socket = connect({ port, host: "127.0.0.1", localAddress: from });
  let received = "";
  let waiting: ((reply: string) => void) | undefined;
  const onData = (chunk: Buffer) => {
    received += chunk.toString("latin1");
    const end = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(received);
    if (!end || !waiting) return;
    received = received.slice(end[0].length);
    waiting(end[0].trim());
  };
  let isClosed = false;
  const onClose = () => {
    isClosed = true;
    waiting?.("closed");
  };
  const attach = () => socket.on("data", onData).on("close", onClose).on("error", onClose);
  const reply = () =>
    new Promise<string>((resolve) => {
      waiting = (text) => {
        waiting = undefined;
        resolve(text);
      };
      onData(Buffer.alloc(0));
      if (isClosed) waiting?.("closed");
    });
  attach();
  await reply();
  return {
    say: async (line) => {
      socket.write(`${line}\r\n`);
      return reply();
    },
    next: reply,
    deliver: async (message) => {
      const stuffed = message.toString("latin1").replaceAll(/^\./gm, "..");
      socket.write(Buffer.from(stuffed.endsWith("\r\n") ? stuffed : `${stuffed}\r\n`, "latin1"));
      socket.write(".\r\n");
      return reply();
    },
    startTls: async () => {
      socket.removeAllListeners("data");
      const secure = connectTls({ socket, rejectUnauthorized: false, servername: "reports.example.net" });
      await once(secure, "secureConnect");
      socket = secure;
      attach();
    },
    socket: () => socket,
    close: () => socket.destroy(),
  };
}

/** Delivers one message to these recipients and returns every reply by its command, for tests. */
export async function deliverBySmtp(
  port: number,
  recipients: readonly string[],
  message: Buffer,
  from?: string,
): Promise<{ recipients: string[]; data: string }> {
  const talk = await talkSmtp(port, from);
  await talk.say("EHLO sender.example");
  await talk.say("MAIL FROM:<tls@sender.example>");
  const replies: string[] = [];
  for (const recipient of recipients) replies.push(await talk.say(`RCPT TO:<${recipient}>`));
  const ready = await talk.say("DATA");
  const data = ready.startsWith("354") ? await talk.deliver(message) : ready;
  talk.close();
  return { recipients: replies, data };
}
