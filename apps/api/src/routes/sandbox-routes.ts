import { SandboxBody, SandboxLogView } from "@waxseal/contract";
import {
  AppError,
  type Context,
  type HostingSettings,
  ownerName,
  RECORD_KINDS,
  requirePermission,
  targetName,
} from "@waxseal/core";
import { getDomain } from "@waxseal/core/domains";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS } from "../http/route-schema.ts";

type Deps = {
  gate: Gate;
  settings: HostingSettings;
  /** undefined: there is no sandbox, and the routes answer 404. */
  sandbox: { controlUrl: string | undefined } | undefined;
};

const tags = ["Sandbox"];
const TIMEOUT_MS = 30_000;

/** `/sandbox/*`: what a newcomer may have done by the sandbox internet instead of by themselves. */
export function sandboxRoutes(deps: Deps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      "/sandbox/publish",
      {
        schema: {
          tags,
          summary: "Publish the three CNAMEs of a domain in the sandbox's DNS",
          body: SandboxBody,
          response: { 200: SandboxLogView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        requirePermission(ctx, "domains.change");
        const { domain, token } = await getDomain(ctx.db, ctx.accountId, request.body.domainId);
        const records = RECORD_KINDS.map((kind) => ({
          name: ownerName(kind, domain),
          type: "CNAME",
          value: targetName(kind, token, deps.settings.hostedZone),
        }));
        return askSandbox(deps, "/publish", { domain, records });
      },
    );
    app.post(
      "/sandbox/deliver",
      {
        schema: {
          tags,
          summary: "Let the sandbox's senders deliver mail to a domain and report about it",
          body: SandboxBody,
          response: { 200: SandboxLogView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        requirePermission(ctx, "domains.change");
        const domain = await getSandboxDomain(ctx, request.body.domainId);
        return askSandbox(deps, "/deliver", { domain, count: 10 });
      },
    );
  };
}

async function getSandboxDomain(ctx: Context, domainId: string): Promise<string> {
  return (await getDomain(ctx.db, ctx.accountId, domainId)).domain;
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
    throw new AppError("unavailable", "The sandbox does not answer.", { cause });
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return SandboxLogView.parse(answer);
  const refusal = z.object({ error: z.string() }).safeParse(answer);
  throw new AppError("conflict", refusal.data?.error ?? "The sandbox could not do this.");
}
