import {
  EmailChangeBody,
  EmailChangeToken,
  EmailChangeView,
  NewAccountBody,
  NewAccountView,
  OwnSignInBody,
  PersonNameBody,
  PersonView,
} from "@waxseal/contract";
import type { ContextSource } from "@waxseal/core";
import {
  askEmailChange,
  confirmEmailChange,
  getPerson,
  renamePerson,
  startAccount,
} from "@waxseal/core/accounts";
import { deleteOwnSignIn, exportPerson } from "@waxseal/core/closing";
import type { QueueMail } from "@waxseal/core/mail";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { PersonGate } from "../http/request-gate.ts";
import { PROBLEMS, PUBLIC, RAW } from "../http/route-schema.ts";
import { sendFile } from "../http/send-file.ts";

const tags = ["Account"];

type Deps = { source: ContextSource; personGate: PersonGate; queueMail: QueueMail; publicUrl: string };

const ChangeParams = z.object({ emailChangeToken: EmailChangeToken });

/** `/me/person`, `/me/accounts`, `/me/export` and `DELETE /me`: a person apart from any account, and the end of their sign-in. */
export function personRoutes(deps: Deps): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/me/person",
      {
        schema: {
          tags,
          summary: "Who is signed in, apart from any account; also for a person who belongs to none",
          description:
            "It also says from which accounts the person was removed in the last 30 days, when and by whom.",
          response: { 200: PersonView, ...PROBLEMS },
        },
      },
      async (request) => getPerson(deps.source, await deps.personGate(request)),
    );
    app.put(
      "/me/name",
      {
        schema: {
          tags,
          summary: "Change your name",
          description: "Other members and the audit log show it from now on.",
          body: PersonNameBody,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        await renamePerson(deps.source, await deps.personGate(request), request.body);
        return reply.code(204).send(null);
      },
    );
    app.post(
      "/me/email",
      {
        config: { rateLimit: { max: 5, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Ask to sign in with another address; the present and the new one confirm it by mail",
          description: "Needs a session of at most 15 minutes that did not begin by single sign-on.",
          body: EmailChangeBody,
          response: { 202: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        await askEmailChange(deps.source, await deps.personGate(request), request.body, deps);
        return reply.code(202).send(null);
      },
    );
    app.post(
      "/email-changes/:emailChangeToken/confirm",
      {
        config: { rateLimit: { max: 20, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Confirm another address by the link of its mail, without a sign-in",
          description:
            "The address changes when the present and the new one have both confirmed. A link works once, for a day.",
          security: PUBLIC,
          params: ChangeParams,
          response: { 200: EmailChangeView, ...PROBLEMS },
        },
      },
      async (request) => confirmEmailChange(deps.source, request.params, deps),
    );
    app.post(
      "/me/accounts",
      {
        config: { rateLimit: { max: 10, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Start a new account that you own",
          description:
            "For a person who belongs to none, or wants another one. A provider makes accounts for customers with POST /customers instead.",
          body: NewAccountBody,
          response: { 201: NewAccountView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const person = await deps.personGate(request);
        return reply.code(201).send(await startAccount(deps.source, person, request.body));
      },
    );
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
