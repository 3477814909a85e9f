import { ClosingBody, ClosingView } from "@waxseal/contract";
import {
  type ClosingDeps,
  closeAccount,
  exportAccount,
  getClosing,
  keepAccount,
} from "@waxseal/core/closing";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS, RAW } from "../http/route-schema.ts";
import { sendFile } from "../http/send-file.ts";

const tags = ["Account"];

/** `/account/export` and `/account/closing`: taking everything along, and deleting the account. */
export function closingRoutes(deps: ClosingDeps & { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/account/export",
      {
        schema: {
          tags,
          summary: "Everything kept for the account, as one JSON file",
          description:
            "Sent while it is read: a file that breaks off is not complete. Private keys are not in it.",
          response: { 200: RAW, ...PROBLEMS },
        },
      },
      async (request, reply) =>
        sendFile(reply, await exportAccount((await deps.gate(request, { account: "named" })).ctx)),
    );
    app.get(
      "/account/closing",
      {
        schema: {
          tags,
          summary: "Whether the account is being deleted, and what it waits for",
          description:
            "Deleting waits for every domain to leave safely. The answer names those that are still served, and until when.",
          response: { 200: ClosingView, ...PROBLEMS },
        },
      },
      async (request) => getClosing((await deps.gate(request)).ctx),
    );
    app.post(
      "/account/closing",
      {
        schema: {
          tags,
          summary: "Delete the account, once every domain has left safely",
          description:
            "A day later every domain begins to leave (RFC 8461 §8.3). When the last has left, all data is deleted. Needs a session of at most 15 minutes; all owners get a mail.",
          body: ClosingBody,
          response: { 202: ClosingView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx, signedInAt } = await deps.gate(request);
        await closeAccount(ctx, { ...request.body, signedInAt }, deps);
        return reply.code(202).send(await getClosing(ctx));
      },
    );
    app.delete(
      "/account/closing",
      {
        schema: {
          tags,
          summary: "Keep the account after all; domains that began to leave are restored",
          description:
            "An enforced policy comes back in mode testing. A domain that has left already must be added again.",
          response: { 200: ClosingView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        await keepAccount(ctx, deps);
        return getClosing(ctx);
      },
    );
  };
}
