import { OwnSignInBody } from "@waxseal/contract";
import type { ContextSource } from "@waxseal/core";
import { deleteOwnSignIn, exportPerson } from "@waxseal/core/closing";
import type { QueueMail } from "@waxseal/core/mail";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { PersonGate } from "../http/request-gate.ts";
import { PROBLEMS, RAW } from "../http/route-schema.ts";
import { sendFile } from "../http/send-file.ts";

const tags = ["Account"];

type Deps = { source: ContextSource; personGate: PersonGate; queueMail: QueueMail };

/** `/me/export` and `DELETE /me`: what is kept of a person, and the end of their sign-in. */
export function personRoutes(deps: Deps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/me/export",
      {
        config: { rateLimit: { max: 10, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "What is kept about you, as one JSON file",
          description: "Needs a session that did not begin by single sign-on.",
          response: { 200: RAW, ...PROBLEMS },
        },
      },
      async (request, reply) =>
        sendFile(reply, await exportPerson(deps.source, await deps.personGate(request))),
    );
    app.delete(
      "/me",
      {
        config: { rateLimit: { max: 10, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Delete your own sign-in",
          description:
            "Needs a session of at most 15 minutes that did not begin by single sign-on. Refused while you are the only owner of an account in use.",
          body: OwnSignInBody,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        await deleteOwnSignIn(deps.source, await deps.personGate(request), request.body, deps);
        return reply.code(204).send(null);
      },
    );
  };
}
