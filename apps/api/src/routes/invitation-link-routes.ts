import { InvitationLinkView, InvitationToken, JoinedView } from "@waxseal/contract";
import type { ContextSource } from "@waxseal/core";
import { acceptInvitation, getInvitationLink } from "@waxseal/core/accounts";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { PersonGate } from "../http/request-gate.ts";
import { PROBLEMS, PUBLIC } from "../http/route-schema.ts";

const tags = ["Account"];
const LinkParams = z.object({ invitationToken: InvitationToken });

/** `/invitation-links`: what the link of an invitation mail shows, and accepting it. */
export function invitationLinkRoutes(deps: {
  source: ContextSource;
  personGate: PersonGate;
}): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/invitation-links/:invitationToken",
      {
        config: { rateLimit: { max: 60, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "What the link of an invitation mail says, without a sign-in",
          description:
            "The account, the invited address, the role and the expiry. An unknown, used or revoked link is answered 404.",
          security: PUBLIC,
          params: LinkParams,
          response: { 200: InvitationLinkView, ...PROBLEMS },
        },
      },
      async (request) => getInvitationLink(deps.source, request.params.invitationToken),
    );
    app.post(
      "/invitation-links/:invitationToken/accept",
      {
        config: { rateLimit: { max: 60, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Join the account, signed in with the address that was invited",
          description:
            "A person who signed in with another address is refused with the reason other_address.",
          params: LinkParams,
          response: { 200: JoinedView, ...PROBLEMS },
        },
      },
      async (request) => acceptInvitation(deps.source, await deps.personGate(request), request.params),
    );
  };
}
