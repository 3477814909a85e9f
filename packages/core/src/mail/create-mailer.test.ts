import { createServer } from "node:net";
import { inspect } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createMailer } from "./create-mailer.ts";

/** A mail server that knows no mailbox, and says so with the address in its answer. */
async function startRefusingServer(): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write("220 mail.example\r\n");
    socket.on("data", (data) => {
      const [, recipient] = /^RCPT TO:<(.*)>/i.exec(data.toString()) ?? [];
      socket.write(recipient ? `550 5.1.1 <${recipient}>: no such mailbox\r\n` : "250 mail.example\r\n");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

test("what a mail fails with says why, and has no address that would get into logs", async () => {
  const port = await startRefusingServer();
  const mailer = createMailer({
    smtpUrl: `smtp://127.0.0.1:${port}`,
    from: "Waxseal <from@waxseal.example>",
  });
  const mail = { to: "somebody@people.example", subject: "s", text: "t", html: "h" };
  const error: unknown = await mailer.sendMail(mail).catch((cause: unknown) => cause);
  mailer.close();
  const logged = inspect(error, { depth: null, showHidden: true });
  expect(logged).toContain("no such mailbox");
  expect(logged).not.toContain("people.example");
});
