import { setTimeout as delay } from "node:timers/promises";
import { SandboxBody, SandboxFaultBody, SandboxLogView } from "@waxseal/contract";
import {
  AppError,
  type Context,
  type HostingSettings,
  ownerName,
  RECORD_KINDS,
  requirePermission,
  targetName,
} from "@waxseal/core";
import { getDomain, readMxHosts } from "@waxseal/core/domains";
import type { AssessDeps } from "@waxseal/core/policies";
import { checkAtOnce, evaluateDomains, lookAtOnce } from "@waxseal/core/watching";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS } from "../http/route-schema.ts";

type Deps = {
  gate: Gate;
  settings: HostingSettings;
  interlock: AssessDeps;
  checkDomain(ctx: Context, input: { domainId: string }): Promise<unknown>;
  /** undefined: there is no sandbox, and the routes answer 404. */
  sandbox: { controlUrl: string | undefined } | undefined;
};

const tags = ["Sandbox"];
const TIMEOUT_MS = 30_000;

/** `/sandbox/*`: what the sandbox internet does for newcomers, who would do it in their own DNS and mail servers. */
export function sandboxRoutes(deps: Deps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      "/sandbox/publish",
      {
        schema: {
          tags,
          summary: "Publish the three CNAMEs of a domain in the sandbox's DNS",
          description: "In place of the owner, in demos and tests. 404 where no sandbox runs.",
          body: SandboxBody,
          response: { 200: SandboxLogView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        requirePermission(ctx, "domains.change");
        return publishRecords(deps, ctx, request.body.domainId);
      },
    );
    app.post(
      "/sandbox/faults",
      {
        schema: {
          tags,
          summary: "Break or repair a mail host, a CNAME or the reports of a sender in the sandbox",
          description:
            "Two looks are made at once, so that an alert opens or ends now and not after ten minutes.",
          body: SandboxFaultBody,
          response: { 200: SandboxLogView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        requirePermission(ctx, "domains.change");
        const { fault, domainId, mxHost } = request.body;
        if (fault === "cname") return removeCname(deps, ctx, domainId);
        if (fault === "silence" || fault === "speak") return silenceSender(deps, ctx, domainId, fault);
        return breakMx(deps, ctx, { domainId, mxHost, fault });
      },
    );
    app.post(
      "/sandbox/deliver",
      {
        schema: {
          tags,
          summary: "Let the sandbox's senders deliver mail to a domain and report about it",
          description:
            "They fetch the policy, deliver over TLS, and send signed reports. 404 where no sandbox runs.",
          body: SandboxBody,
          response: { 200: SandboxLogView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        requirePermission(ctx, "domains.change");
        const { domain } = await getDomain(ctx.db, ctx.accountId, request.body.domainId);
        return askSandbox(deps, "/deliver", { domain, count: 10 });
      },
    );
  };
}

/** Publishes the three CNAMEs. Earlier answers that they do not exist are dropped from the caches at once. */
async function publishRecords(
  deps: Deps,
  ctx: Context,
  domainId: string,
): Promise<z.infer<typeof SandboxLogView>> {
  const { domain, token, status } = await getDomain(ctx.db, ctx.accountId, domainId);
  const records = RECORD_KINDS.map((kind) => ({
    name: ownerName(kind, domain),
    type: "CNAME",
    value: targetName(kind, token, deps.settings.hostedZone),
  }));
  const log = await askSandbox(deps, "/publish", { domain, records });
  if (status !== "active") return log;
  const recordNames = records.map(({ name }) => name);
  await checkAtOnce(ctx, { domainId, recordNames }, (then) => deps.checkDomain(then, { domainId }));
  return { steps: [...log.steps, step(ctx, "Looked twice for them")] };
}

/** Gives a mail host a bad certificate, or its own again, and looks at it. */
async function breakMx(
  deps: Deps,
  ctx: Context,
  {
    domainId,
    fault,
    mxHost,
  }: { domainId: string; fault: "expired" | "selfsigned" | "none"; mxHost?: string | undefined },
): Promise<z.infer<typeof SandboxLogView>> {
  const domain = await getDomain(ctx.db, ctx.accountId, domainId);
  const host = mxHost ?? readMxHosts(domain)[0]?.mxHost;
  if (host === undefined)
    throw new AppError("conflict", "The domain has no mail host.", {
      reason: "no_mail_host",
      collidesWith: { kind: "domain", id: domainId },
    });
  const log = await askSandbox(deps, "/mx-fault", { mxHost: host, fault: fault === "none" ? null : fault });
  const { state, detail } = await lookAtOnce(ctx, deps.interlock, { domainId, mxHost: host });
  if (state === "unknown") {
    const failed = step(ctx, `${host} could not be tested: ${detail}. Nothing changes; try again.`);
    return { steps: [...log.steps, { ...failed, ok: false }] };
  }
  const seen = state === "good" ? "found it good" : "found it bad; a message follows within two minutes";
  return { steps: [...log.steps, step(ctx, `Looked twice at ${host} and ${seen}`)] };
}

async function removeCname(
  deps: Deps,
  ctx: Context,
  domainId: string,
): Promise<z.infer<typeof SandboxLogView>> {
  const { domain } = await getDomain(ctx.db, ctx.accountId, domainId);
  const recordName = ownerName("stsRecord", domain);
  const log = await askSandbox(deps, "/unpublish", {
    domain,
    records: [{ name: recordName, type: "CNAME" }],
  });
  await checkAtOnce(ctx, { domainId, recordNames: [recordName] }, (then) =>
    deps.checkDomain(then, { domainId }),
  );
  return { steps: [...log.steps, step(ctx, `Looked twice for ${recordName} and found nothing`)] };
}

const SILENT_SENDER = "sandbox-mail.example";
const READ_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 250;

/** Has one sender stop reporting, as if a week ago, or report again, and judges the domain once the reports are read. */
async function silenceSender(
  deps: Deps,
  ctx: Context,
  domainId: string,
  fault: "silence" | "speak",
): Promise<z.infer<typeof SandboxLogView>> {
  const { domain } = await getDomain(ctx.db, ctx.accountId, domainId);
  const isSilent = fault === "silence";
  const log = await askSandbox(deps, "/silence", { domain, sender: SILENT_SENDER, isSilent });
  const where = { accountId: ctx.accountId, domainId, state: "received" as const };
  const untilMs = performance.now() + READ_WITHIN_MS;
  while (performance.now() < untilMs && (await ctx.reports.reportMessage.count({ where })) > 0)
    await delay(LOOK_EVERY_MS);
  await evaluateDomains(ctx, [{ accountId: ctx.accountId, domainId }]);
  const text = isSilent
    ? `No report from ${SILENT_SENDER} for six days, while others report. That is a notice: it is in the list of alerts and in the next summary`
    : `${SILENT_SENDER} reports again. The notice ends after a quarter of an hour`;
  return { steps: [...log.steps, step(ctx, text)] };
}

function step(ctx: Context, text: string) {
  return { at: ctx.now().toISOString(), who: "Waxseal", text, ok: true };
}

async function askSandbox(
  { sandbox }: Deps,
  path: string,
  body: object,
): Promise<z.infer<typeof SandboxLogView>> {
  if (!sandbox?.controlUrl) throw new AppError("not_found", "There is no sandbox here.");
  const response = await fetch(new URL(path, sandbox.controlUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new AppError("unavailable", "The sandbox does not answer.", { reason: "dependency_away", cause });
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return SandboxLogView.parse(answer);
  const refusal = z.object({ error: z.string() }).safeParse(answer);
  throw new AppError("conflict", refusal.data?.error ?? "The sandbox could not do this.", {
    reason: "sandbox_refused",
  });
}
