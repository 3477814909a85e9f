import { randomInt } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { Agent } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { testPolicy, testReportJson, testReportMail } from "@waxseal/core/reports/testing";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { createTransport } from "nodemailer";
import { ask } from "./ask.ts";
import { DASHBOARD_HOST, type Fleet } from "./start-fleet.ts";

const PAUSE_MS = 40;

export type LoadedDomain = { id: string; domain: string; token: string; idName: string };

/** What was asked, by kind: how often, and the answers that were no success. */
export type Answers = Record<string, { asked: number; failed: string[] }>;

/** Reports that were accepted, by the id in them. */
export type Load = { answers: Answers; accepted: string[] };

/** Asks for everything that senders and people ask for, over and over, until `signal`. A failure is never asked again. */
export async function loadFleet(
  fleet: Fleet,
  { key, domain, signal }: { key: string; domain: LoadedDomain; signal: AbortSignal },
): Promise<Load> {
  const { front, env } = fleet;
  const accepted: string[] = [];
  const agent = new Agent({ keepAlive: true });
  const mailer = createTransport({ host: "127.0.0.1", port: front.smtp, ignoreTLS: true });
  let reports = 0;
  const makeReport = () => {
    const day = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
    const reportId = `load ${reports++}`;
    return { reportId, json: testReportJson(day, { reportId, policies: [testPolicy(domain.domain)] }) };
  };
  const callApi = async (path: string, kept?: Agent) =>
    expectStatus(
      await ask({
        ...{ host: DASHBOARD_HOST, port: front.https, path },
        headers: { authorization: `Bearer ${key}` },
        ...(kept && { agent: kept }),
      }),
    );
  const kinds: Record<string, () => Promise<void>> = {
    fetches: async () => {
      const host = `mta-sts.${domain.domain}`;
      const answer = await ask({ host, port: front.https, path: "/.well-known/mta-sts.txt" });
      expectStatus(answer);
      if (!answer.text.startsWith("version: STSv1")) throw new Error("not a policy");
    },
    uploads: async () => {
      const { reportId, json } = makeReport();
      const path = `/v1/tlsrpt/${domain.token}`;
      const headers = { "content-type": "application/tlsrpt+gzip" };
      const sent = { method: "POST", path, headers, body: gzipSync(json) };
      expectStatus(await ask({ host: env.REPORTS_HOST ?? "", port: front.https, ...sent }));
      accepted.push(reportId);
    },
    mails: async () => {
      const { reportId, json } = makeReport();
      const to = `${domain.token}@${env.REPORTS_DOMAIN}`;
      await mailer.sendMail({ envelope: { from: "tls@sender.example", to }, raw: testReportMail(json) });
      accepted.push(reportId);
    },
    "API calls": () => callApi(`/api/v1/domains/${domain.id}`),
    "API calls, connection kept": () => callApi("/api/v1/domains", agent),
    "API changes": async () => {
      const body = {
        mode: "testing",
        mx: [`*.${domain.domain}`],
        maxAgeSeconds: 86_400 + randomInt(1_000_000),
      };
      await delay(1_500);
      const path = `/api/v1/domains/${domain.id}/policy`;
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const sent = { method: "PUT", path, headers, body: JSON.stringify(body) };
      expectStatus(await ask({ host: DASHBOARD_HOST, port: front.https, ...sent }));
    },
    "DNS questions": async () => {
      // As any resolver: the other nameserver when one does not answer.
      const resolver = new Resolver({ timeout: 1_500, tries: 1 });
      resolver.setServers(fleet.dnsPorts.map((port) => `127.0.0.1:${port}`));
      const [text] = await resolver.resolveTxt(domain.idName);
      if (!text?.join("").startsWith("v=STSv1; id=")) throw new Error("not an id");
    },
  };
  const answers: Answers = {};
  const startedAt = performance.now();
  await Promise.all(
    Object.entries(kinds).map(async ([kind, one]) => {
      const counted = { asked: 0, failed: [] as string[] };
      answers[kind] = counted;
      while (!signal.aborted) {
        counted.asked += 1;
        await one().catch((error) =>
          counted.failed.push(
            `${Math.round(performance.now() - startedAt)} ms: ${error.code ?? error.message}`,
          ),
        );
        await delay(PAUSE_MS);
      }
    }),
  );
  agent.destroy();
  mailer.close();
  return { answers, accepted };
}

function expectStatus({ status, text }: { status: number; text: string }): void {
  if (status < 200 || status > 299) throw new Error(`${status} ${text.slice(0, 200)}`);
}

/** One line for a person: what was asked, and how much of it failed. */
export function describeLoad({ answers }: Load): string {
  const parts = Object.entries(answers).map(
    ([kind, { asked, failed }]) => `${failed.length}/${asked} ${kind}`,
  );
  return `${parts.join(", ")} failed\n`;
}

/** The answers that were no success, by kind; empty is what a drill wants. */
export function failuresOf({ answers }: Load): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(answers).flatMap(([kind, { failed }]) => (failed.length > 0 ? [[kind, failed]] : [])),
  );
}
