import { createServer } from "node:net";
import { inspect } from "node:util";
import { SMTPServer } from "smtp-server";
import { expect, onTestFinished, test } from "vitest";
import { createMailer } from "./create-mailer.ts";

/** A mail server that knows no mailbox, and says so with the address in its answer. */
async function startRefusingServer(answer = "550 5.1.1"): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write("220 mail.example\r\n");
    socket.on("data", (data) => {
      const [, recipient] = /^RCPT TO:<(.*)>/i.exec(data.toString()) ?? [];
      socket.write(recipient ? `${answer} <${recipient}>: no such mailbox\r\n` : "250 mail.example\r\n");
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

test.each([
  ["550 5.1.1", true],
  ["550", true],
  ["553 5.1.3", true],
  ["554 5.7.1", false],
  ["450 4.2.1", false],
  ["452", false],
])(
  "RFC 3463 §3.8: whether a recipient refused with %s is refused for good: %s",
  async (answer, isPermanent) => {
    const port = await startRefusingServer(answer);
    const mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: "from@waxseal.example" });
    const sent = mailer.sendMail({ to: "somebody@people.example", subject: "s", text: "t", html: "h" });
    await expect(sent).rejects.toMatchObject({
      message: `The mail server answered: ${answer} <(address)>: no such mailbox`,
      isPermanent,
    });
    mailer.close();
  },
);

test("a mail server that is away is not a refusal", async () => {
  const mailer = createMailer({ smtpUrl: "smtp://127.0.0.1:1", from: "from@waxseal.example" });
  const sent = mailer.sendMail({ to: "somebody@people.example", subject: "s", text: "t", html: "h" });
  await expect(sent).rejects.toMatchObject({
    message: expect.stringMatching(/^The mail server does not answer/),
    isPermanent: false,
  });
  mailer.close();
});

test.each([
  ["Waxseal <no-reply@waxseal.example>", "From: Acme Mail <no-reply@waxseal.example>"],
  ["no-reply@waxseal.example", "From: Acme Mail <no-reply@waxseal.example>"],
])(
  "RFC 5322 §3.6.2: a sender's name replaces that of MAIL_FROM (%s), never its address",
  async (from, header) => {
    const heads: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      hideSTARTTLS: true,
      onData: (stream, session, done) => {
        const envelope = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
        stream.once("data", (data) => heads.push(`${envelope}\r\n${data}`));
        stream.on("end", () => done());
        stream.resume();
      },
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const address = server.server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from });
    await mailer.sendMail({ to: "a@b.example", subject: "s", text: "t", html: "h", fromName: "Acme Mail" });
    mailer.close();
    const lines = heads.join("").split("\r\n");
    expect(lines[0]).toBe("no-reply@waxseal.example");
    expect(lines.filter((line) => line.startsWith("From:"))).toEqual([header]);
  },
);

/** A real mail server that offers no TLS, or whose offer an attacker on the way removed; keeps what it receives. */
async function startServerWithoutTls() {
  const got = { passwords: 0, mails: 0 };
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authOptional: true,
    onAuth: (auth, _session, done) => {
      got.passwords += 1;
      done(null, { user: auth.username });
    },
    onData: (stream, _session, done) => {
      got.mails += 1;
      stream.on("end", () => done()).resume();
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((resolve) => server.close(resolve)));
  const address = server.server.address();
  return { got, port: typeof address === "object" && address ? address.port : 0 };
}

test.each([
  { login: "user:password@", requireTls: undefined, expected: { passwords: 0, mails: 0 } },
  { login: "user:password@", requireTls: true, expected: { passwords: 0, mails: 0 } },
  { login: "user:password@", requireTls: false, expected: { passwords: 1, mails: 1 } },
  { login: "", requireTls: undefined, expected: { passwords: 0, mails: 1 } },
  { login: "", requireTls: true, expected: { passwords: 0, mails: 0 } },
])(
  "RFC 3207 §4: a server without STARTTLS gets $expected of smtp://$login with requireTls $requireTls",
  async ({ login, requireTls, expected }) => {
    const { got, port } = await startServerWithoutTls();
    const from = "from@waxseal.example";
    const mailer = createMailer({ smtpUrl: `smtp://${login}127.0.0.1:${port}`, from, requireTls });
    const mail = { to: "somebody@people.example", subject: "s", text: "t", html: "h" };
    const failure: unknown = await mailer.sendMail(mail).then(
      () => undefined,
      (error: unknown) => error,
    );
    mailer.close();
    expect(got).toEqual(expected);
    expect(failure === undefined).toBe(expected.mails > 0);
  },
);

test.each([
  ["takes every sender", [], ["bounce@reports.example"]],
  ["refuses the return path after MAIL FROM", ["MAIL"], ["from@waxseal.example"]],
  ["refuses the return path after DATA", ["DATA"], ["from@waxseal.example"]],
])(
  "RFC 5321 §4.4: a mail with a return path arrives at a mail server that %s",
  async (_name, refusing, senders) => {
    const taken: string[] = [];
    const refuse = () => Object.assign(new Error("5.7.1 Not your address"), { responseCode: 554 });
    const isStrange = (at: string, address: string) => refusing.includes(at) && address.startsWith("bounce@");
    const server = new SMTPServer({
      disabledCommands: ["STARTTLS", "AUTH"],
      onMailFrom: ({ address }, _session, done) => done(isStrange("MAIL", address) ? refuse() : null),
      onData: (stream, { envelope }, done) => {
        const sender = envelope.mailFrom ? envelope.mailFrom.address : "";
        stream.on("end", () => {
          if (isStrange("DATA", sender)) return done(refuse());
          taken.push(sender);
          done();
        });
        stream.resume();
      },
    });
    const listening = server.listen(0, "127.0.0.1");
    await new Promise((resolve) => listening.once("listening", resolve));
    const address = listening.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: "from@waxseal.example" });
    const mail = { to: "somebody@people.example", subject: "s", text: "t", html: "h" };
    await mailer.sendMail({ ...mail, returnPath: "bounce@reports.example" });
    mailer.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(taken).toEqual(senders);
  },
);
