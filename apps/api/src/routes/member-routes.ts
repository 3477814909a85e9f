import {
  InvitationBody,
  InvitationListView,
  InvitationView,
  MemberBody,
  MemberListView,
  PageQuery,
  RemovalQuery,
} from "@waxseal/contract";
import {
  changeMemberRole,
  type InviteDeps,
  inviteMember,
  listInvitations,
  listMembers,
  removeMember,
  resendInvitation,
  resetMemberTwoFactor,
  revokeInvitation,
} from "@waxseal/core/accounts";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS } from "../http/route-schema.ts";

const tags = ["Account"];

/** People and invitations have ids of the sign-in library, which are no UUIDs. */
const PersonParams = z.object({ id: z.string().min(1).max(100) });

/** `/members` and `/invitations`. */
export function memberRoutes(deps: InviteDeps & { gate: Gate }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/members",
      {
        schema: {
          tags,
          summary: "Who belongs to the account",
          description:
            "Name, address, role and second factor of each member. Members of a provider are not listed at its customers.",
          querystring: PageQuery,
          response: { 200: MemberListView, ...PROBLEMS },
        },
      },
      async (request) => listMembers((await deps.gate(request)).ctx, request.query),
    );
    app.put(
      "/members/:id",
      {
        schema: {
          tags,
          summary: "Give a member another role; their sessions end",
          description:
            "API keys that they made and that may do more than the new role end too. Only an owner makes or changes an owner, and one owner always stays.",
          params: PersonParams,
          body: MemberBody,
          response: { 200: MemberListView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        await changeMemberRole(ctx, { userId: request.params.id, role: request.body.role });
        return listMembers(ctx);
      },
    );
    app.delete(
      "/members/:id",
      {
        schema: {
          tags,
          summary: "Take a person out of the account; anyone may take themselves out",
          description: "The invitations they sent are revoked.",
          params: PersonParams,
          querystring: RemovalQuery,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        const takesOverKeys = request.query.apiKeys === "takeOver";
        await removeMember(ctx, { userId: request.params.id, takesOverKeys });
        return reply.code(204).send(null);
      },
    );
    app.post(
      "/members/:id/two-factor-reset",
      {
        config: { rateLimit: { max: 10, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Reset the authenticator app of a member who lost it",
          description:
            "Takes effect a day later, unless they sign in with it before. Both get a mail. Owners only, with a session of at most 15 minutes.",
          params: PersonParams,
          response: { 202: MemberListView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx, signedInAt } = await deps.gate(request);
        await resetMemberTwoFactor(ctx, { userId: request.params.id, signedInAt }, deps);
        return reply.code(202).send(await listMembers(ctx));
      },
    );
    app.get(
      "/invitations",
      {
        schema: {
          tags,
          summary: "Invitations that wait for an answer, or expired in the last 30 days",
          description: "Address, role and end of each. An invitation lasts seven days.",
          querystring: PageQuery,
          response: { 200: InvitationListView, ...PROBLEMS },
        },
      },
      async (request) => listInvitations((await deps.gate(request)).ctx, request.query),
    );
    app.post(
      "/invitations",
      {
        config: { rateLimit: { max: 30, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Invite a person by mail",
          description:
            "They join with the role when they open the link, signed in with that address. The role is viewer when none is named. Inviting the same address again replaces the invitation.",
          body: InvitationBody,
          response: { 201: InvitationView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        return reply.code(201).send(await inviteMember(ctx, request.body, deps));
      },
    );
    app.post(
      "/invitations/:id/resend",
      {
        config: { rateLimit: { max: 30, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Mail an open or expired invitation again, for seven more days",
          description: "The link of the earlier mail ends.",
          params: PersonParams,
          response: { 200: InvitationView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return resendInvitation(ctx, { invitationId: request.params.id }, deps);
      },
    );
    app.delete(
      "/invitations/:id",
      {
        schema: {
          tags,
          summary: "Revoke an invitation",
          description: "Its link stops working at once.",
          params: PersonParams,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        await revokeInvitation((await deps.gate(request)).ctx, { invitationId: request.params.id });
        return reply.code(204).send(null);
      },
    );
  };
}
