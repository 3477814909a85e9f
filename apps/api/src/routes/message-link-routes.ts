import { AppError, type ContextSource } from "@waxseal/core";
import { confirmChannel, keepSummariesWeekly, stopSummaries, unsubscribe } from "@waxseal/core/alerting";
import {
  confirmMonthlyReports,
  MONTHLY_POLICY,
  openMonthlyPage,
  stopMonthlyReports,
} from "@waxseal/core/portfolio";
import type { FastifyPluginAsync } from "fastify";
import { API_PAGE_STYLE } from "../docs/api-page-style.ts";

type Words = { title: string; ask: string; button: string; done: string };

/** What the links in mails about alerts do, by their path. */
const LINKS: Record<
  string,
  { words: Words; act: (db: ContextSource["db"], token: string, now: Date) => Promise<boolean> }
> = {
  u: {
    act: unsubscribe,
    words: {
      title: "Stop these mails",
      ask: "You will get no more mails about alerts of this account. Your other mails stay as they are.",
      button: "Stop these mails",
      done: "You get no more mails about alerts of this account. An owner still gets one when a critical alert reaches no one. You can turn them on again under Settings, Notifications.",
    },
  },
  s: {
    act: stopSummaries,
    words: {
      title: "Stop these summaries",
      ask: "You will get no more summaries of this account. Alerts are mailed as before.",
      button: "Stop these summaries",
      done: "You get no more summaries of this account. You can turn them on again under Settings, Notifications.",
    },
  },
  w: {
    act: keepSummariesWeekly,
    words: {
      title: "Keep the summary weekly",
      ask: "The summary of this account will be mailed to you each Monday, also when nothing happened.",
      button: "Keep it weekly",
      done: "The summary comes weekly. You can change that under Settings, Notifications.",
    },
  },
  c: {
    act: confirmChannel,
    words: {
      title: "Confirm this address",
      ask: "Alerts about the domains of this account will be mailed to your address.",
      button: "Confirm this address",
      done: "This address is confirmed. Alerts will be mailed to it.",
    },
  },
  k: {
    act: confirmMonthlyReports,
    words: {
      title: "Confirm this address",
      ask: "A report about the encryption of this account's mail will be mailed to your address on the third of each month.",
      button: "Confirm this address",
      done: "This address is confirmed. The first report comes on the third of the next month.",
    },
  },
  m: {
    act: stopMonthlyReports,
    words: {
      title: "Stop these reports",
      ask: "You will get no more monthly reports of this account, and the links in those you have will not work any more.",
      button: "Stop these reports",
      done: "You get no more monthly reports of this account.",
    },
  },
};
const UNKNOWN = "This link does not work any more.";
const MAX_FORM_BYTES = 1_024;

/**
 * `/u/:token` and its like, and `/r/:token/:month`, a monthly report: pages behind links in mails, for people who need no sign-in. Opening one
 * changes nothing, since mail scanners open every link; the button does, and so does a mail program's own (RFC 8058 §3.1).
 */
export function messageLinkRoutes({ source }: { source: ContextSource }): FastifyPluginAsync {
  return async (app) => {
    const parseAs = "buffer" as const;
    app.addContentTypeParser(
      ["application/x-www-form-urlencoded", "multipart/form-data"],
      { parseAs, bodyLimit: MAX_FORM_BYTES },
      (_request, _body, done) => done(null, undefined),
    );
    for (const [path, { words, act }] of Object.entries(LINKS)) {
      const url = `/${path}/:token`;
      app.get<{ Params: { token: string } }>(url, { schema: { hide: true } }, async (_request, reply) =>
        reply.headers(HEADERS).send(page(words.title, words.ask, words.button)),
      );
      app.post<{ Params: { token: string } }>(url, { schema: { hide: true } }, async (request, reply) => {
        const isKnown = await act(source.db, request.params.token, source.now());
        const title = isKnown ? words.title : "Not found";
        return reply
          .code(isKnown ? 200 : 404)
          .headers(HEADERS)
          .send(page(title, isKnown ? words.done : UNKNOWN));
      });
    }
    app.get<{ Params: { token: string; month: string } }>(
      "/r/:token/:month",
      { schema: { hide: true } },
      async (request, reply) => {
        const html = await openMonthlyPage(source, request.params).catch((error: unknown) => {
          if (error instanceof AppError) return undefined;
          throw error;
        });
        if (html === undefined) return reply.code(404).headers(HEADERS).send(page("Not found", UNKNOWN));
        return reply.headers({ ...HEADERS, "content-security-policy": REPORT_POLICY }).send(html);
      },
    );
  };
}

const REPORT_POLICY = `${MONTHLY_POLICY}; frame-ancestors 'none'`;

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex, nofollow",
};

function page(title: string, text: string, button?: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - Waxseal</title><style>${API_PAGE_STYLE}</style></head>
<body><main><h1>${title}</h1><p>${text}</p>${button ? `<form method="post"><p><button type="submit">${button}</button></p></form>` : ""}</main></body></html>
`;
}
