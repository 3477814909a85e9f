import { once } from "node:events";
import { Agent, request } from "node:https";
import { connect } from "node:net";

const END_OF_MAIL = Buffer.from("\r\n.\r\n");

/** Delivers mails over one SMTP session, one after the other; each must be answered 250. */
export async function deliverMails(
  port: number,
  mails: Iterable<{ recipient: string; mail: Buffer }>,
): Promise<void> {
  const socket = connect(port, "127.0.0.1").setNoDelay();
  let received = "";
  let waiting: (() => void) | undefined;
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    waiting?.();
  });
  /** The last of the replies to so many commands sent at once (RFC 2920). */
  const replies = async (count: number) => {
    const isDone = () => (received.match(/^\d{3} /gm)?.length ?? 0) >= count && received.endsWith("\r\n");
    while (!isDone()) {
      await new Promise<void>((resolve) => {
        waiting = resolve;
      });
    }
    const last = received.trimEnd().split("\r\n").at(-1) ?? "";
    received = "";
    return last;
  };
  await replies(1);
  socket.write("EHLO load.example\r\n");
  await replies(1);
  for (const { recipient, mail } of mails) {
    socket.write(`MAIL FROM:<tls@sender.example>\r\nRCPT TO:<${recipient}>\r\nDATA\r\n`);
    await replies(3);
    socket.write(Buffer.concat([mail, END_OF_MAIL]));
    const reply = await replies(1);
    if (!reply.startsWith("250")) throw new Error(`refused: ${reply}`);
  }
  socket.end("QUIT\r\n");
  await once(socket, "close");
}

/** Posts reports over one connection, one after the other; each must be answered 201. */
export async function postReports(
  port: number,
  reports: Iterable<{ token: string; body: Buffer }>,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  for (const { token, body } of reports) {
    const status = await new Promise<number>((resolve, reject) => {
      const sent = request(
        {
          agent,
          host: "127.0.0.1",
          port,
          method: "POST",
          path: `/v1/tlsrpt/${token}`,
          headers: { "content-type": "application/tlsrpt+gzip", "content-length": body.length },
        },
        (response) => {
          response.resume();
          response.on("end", () => resolve(response.statusCode ?? 0));
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
    if (status !== 201) throw new Error(`refused: ${status}`);
  }
  agent.destroy();
}
