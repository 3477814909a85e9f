import {
  ChannelBody,
  ChannelChangeBody,
  ChannelListView,
  ChannelSecretView,
  ChannelTestView,
  ChannelView,
  CreatedChannelView,
  DeliveryListView,
  PageQuery,
  pageQuery,
} from "@waxseal/contract";
import {
  addChannel,
  type ChannelDeps,
  changeChannel,
  listChannels,
  listDeliveries,
  removeChannel,
  resendNotification,
  rotateChannelSecret,
  type TestDeps,
  tryChannel,
} from "@waxseal/core/alerting";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { IdParams, PROBLEMS } from "../http/route-schema.ts";

const tags = ["Alerts"];

/** `/channels`: where alerts are sent besides the members' mailboxes. */
export function channelRoutes(deps: { gate: Gate; alerting: ChannelDeps & TestDeps }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/channels",
      {
        schema: {
          tags,
          summary: "List channels",
          description:
            "Where messages about incidents go besides members' own mails: kind, least severity, filter and state of each. Addresses are hidden from members who may not manage alerts.",
          querystring: PageQuery,
          response: { 200: ChannelListView, ...PROBLEMS },
        },
      },
      async (request) => listChannels((await deps.gate(request)).ctx, request.query),
    );
    app.post(
      "/channels",
      {
        schema: {
          tags,
          summary: "Add a channel",
          description:
            "Webhooks are signed by Standard Webhooks 1.0; the secret is in this answer only. A mail address is used once its owner has confirmed it.",
          body: ChannelBody,
          response: { 201: CreatedChannelView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        return reply.code(201).send(await addChannel(ctx, deps.alerting, request.body));
      },
    );
    app.patch(
      "/channels/:id",
      {
        schema: {
          tags,
          summary: "Change a channel, or turn it on or off",
          description: "Fields that are left out stay. A new mail address has to be confirmed again.",
          params: IdParams,
          body: ChannelChangeBody,
          response: { 200: ChannelView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return changeChannel(ctx, deps.alerting, { channelId: request.params.id, ...request.body });
      },
    );
    app.delete(
      "/channels/:id",
      {
        schema: {
          tags,
          summary: "Remove a channel",
          description: "Messages that wait for it are dropped. Members' own mails are not affected.",
          params: IdParams,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        await removeChannel((await deps.gate(request)).ctx, { channelId: request.params.id });
        return reply.code(204).send(null);
      },
    );
    app.post(
      "/channels/:id/test",
      {
        schema: {
          tags,
          summary: "Send a test message to a channel",
          description: "Says what the other side answered. Not tried again.",
          params: IdParams,
          response: { 200: ChannelTestView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return tryChannel(ctx, deps.alerting, { channelId: request.params.id });
      },
    );
    app.post(
      "/channels/:id/rotate-secret",
      {
        schema: {
          tags,
          summary: "Give a webhook a new secret; the one before signs too for a day",
          description: "The answer shows the new secret once. Exchange it at the receiver within 24 hours.",
          params: IdParams,
          response: { 200: ChannelSecretView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return rotateChannelSecret(ctx, deps.alerting, { channelId: request.params.id });
      },
    );
    app.get(
      "/channels/:id/deliveries",
      {
        schema: {
          tags,
          summary: "The attempts to reach a channel in the last 30 days, newest first",
          description: "Time, what was sent, and the answer in words.",
          params: IdParams,
          querystring: z.object(pageQuery(100)),
          response: { 200: DeliveryListView, ...PROBLEMS },
        },
      },
      async (request) => {
        const { ctx } = await deps.gate(request);
        return listDeliveries(ctx, { channelId: request.params.id, ...request.query });
      },
    );
    app.post(
      "/notifications/:id/resend",
      {
        schema: {
          tags,
          summary: "Send a message to a channel again, with the same id",
          description: "Receivers that keep ids know it as a repetition.",
          params: IdParams,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        await resendNotification((await deps.gate(request)).ctx, { notificationId: request.params.id });
        return reply.code(204).send(null);
      },
    );
  };
}
