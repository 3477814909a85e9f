import Fastify from "fastify";
import { SMTPServer } from "smtp-server";
import { listenSmtp } from "./listen-smtp.ts";
import { type CaughtMails, openCaughtMails } from "./open-caught-mails.ts";
import {
  presentHooksPage,
  presentInboxPage,
  presentMailHtml,
  presentMailPage,
} from "./present-caught-mail.ts";
import { readSmtpMessage } from "./read-smtp-message.ts";
import type { HookCatcher } from "./start-hook-catcher.ts";

const MAX_MAIL_BYTES = 5 * 1024 * 1024;
// Scripts never run in a caught mail; its styles and inlined pictures show.
const MAIL_CSP =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'none'";

/** The catcher of outgoing mail, while it runs. */
export type MailCatcher = {
  smtpPort: number;
  httpPort: number;
  /** As `SMTP_URL` takes it. */
  smtpUrl: string;
  inboxUrl: string;
  mails: CaughtMails;
  stop(): Promise<void>;
};

/**
 * Starts an SMTP server that takes every mail and delivers none, and a page to read them on.
 *
 * HTTP: `GET /` the inbox, `GET /mails?to=` newest first, `GET /mails/:id`, `GET /mails/:id/html`.
 * The newest 200 mails are kept in `dataDir`; one larger than 5 MiB is refused.
 */
export async function startMailCatcher(options: {
  smtpPort: number;
  httpPort: number;
  dataDir: string;
  /** Messages to chat services and webhooks, shown beside the mails. */
  hooks?: Pick<HookCatcher, "hooks" | "url">;
  now?: () => Date;
}): Promise<MailCatcher> {
  const { now = () => new Date() } = options;
  const mails = await openCaughtMails(options.dataDir);
  const smtp = await listenSmtp(createCatcher(mails, now), options.smtpPort, "127.0.0.1");
  const app = createInbox(mails, options.hooks);
  await app.listen({ port: options.httpPort, host: "127.0.0.1" });
  const address = app.server.address();
  if (!address || typeof address === "string") throw new Error("the mail catcher does not listen");
  return {
    smtpPort: smtp.port,
    httpPort: address.port,
    smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
    inboxUrl: `http://127.0.0.1:${address.port}/`,
    mails,
    async stop() {
      app.server.closeAllConnections();
      await Promise.all([app.close(), smtp.stop()]);
    },
  };
}

function createCatcher(mails: CaughtMails, now: () => Date): SMTPServer {
  return new SMTPServer({
    name: "sandbox-mail-catcher.example",
    banner: "Waxseal sandbox: mail is kept here and goes nowhere",
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    maxClients: 50,
    closeTimeout: 100,
    onData(stream, session, callback) {
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = {
        from: mailFrom ? mailFrom.address : "",
        to: rcptTo.map(({ address }) => address),
      };
      readSmtpMessage(stream, MAX_MAIL_BYTES)
        .then(async (raw) => {
          if (!raw) return callback(Object.assign(new Error("Message too large"), { responseCode: 552 }));
          const mail = await mails.add(envelope, raw, now());
          callback(null, `kept as ${mail.id}`);
        })
        .catch((error: Error) => callback(error));
    },
  });
}

function createInbox(mails: CaughtMails, hooks?: Pick<HookCatcher, "hooks" | "url">) {
  const app = Fastify();
  app.addHook("onSend", async (_request, reply) => {
    reply.header("content-security-policy", MAIL_CSP).header("x-content-type-options", "nosniff");
  });
  app.get("/", async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(presentInboxPage(mails.list(), hooks?.hooks.length)),
  );
  app.get<{ Querystring: { to?: string } }>("/mails", async (request) => mails.list(request.query.to));
  app.get("/hooks", async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(presentHooksPage(hooks?.hooks ?? [], hooks?.url ?? "")),
  );
  app.get("/hooks.json", async () => hooks?.hooks ?? []);
  const routes = [
    ["/mails/:id", undefined],
    ["/mails/:id/html", presentMailHtml],
    ["/mails/:id/page", presentMailPage],
  ] as const;
  for (const [path, present] of routes) {
    app.get<{ Params: { id: string } }>(path, async (request, reply) => {
      const mail = mails.find(request.params.id);
      if (!mail) return reply.code(404).send({ error: "no such mail" });
      return present ? reply.type("text/html; charset=utf-8").send(present(mail)) : mail;
    });
  }
  return app;
}
