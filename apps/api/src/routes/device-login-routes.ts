import {
  DeviceAllowBody,
  DeviceKeyView,
  DeviceLoginBody,
  DeviceLoginStartView,
  DeviceLoginView,
  DevicePollBody,
  UserCode,
} from "@waxseal/contract";
import type { ContextSource } from "@waxseal/core";
import { answerDeviceLogin, beginDeviceLogin, getDeviceLogin, pollDeviceLogin } from "@waxseal/core/accounts";
import { networkOf } from "@waxseal/runtime";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Gate } from "../http/request-gate.ts";
import { PROBLEMS, PUBLIC } from "../http/route-schema.ts";

const tags = ["Account"];
const CodeParams = z.object({ userCode: UserCode });

type Deps = { gate: Gate; source: ContextSource; publicUrl: string };

/** `/device-logins`: an API key for a program without a browser, allowed by a person in one. RFC 8628 */
export function deviceLoginRoutes(deps: Deps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      "/device-logins",
      {
        schema: {
          tags,
          summary: "Begin the login of a program, as `waxseal login` does",
          description:
            "Show the person verificationUriComplete and userCode, and ask POST /device-logins/poll every intervalSeconds (RFC 8628).",
          security: PUBLIC,
          body: DeviceLoginBody,
          response: { 201: DeviceLoginStartView, ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ip: address } = request;
        const input = { ...request.body, address, network: networkOf(address) };
        return reply.code(201).send(await beginDeviceLogin(deps.source, input, deps));
      },
    );
    app.post(
      "/device-logins/poll",
      {
        config: { rateLimit: { max: 300, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: "Ask whether a login was allowed; then the answer is the API key, once",
          description:
            "The reasons of a refusal are those of RFC 8628 §3.5: authorization_pending, slow_down, access_denied and expired_token.",
          security: PUBLIC,
          body: DevicePollBody,
          response: { 200: DeviceKeyView, ...PROBLEMS },
        },
      },
      async (request) => pollDeviceLogin(deps.source, request.body),
    );
    app.get(
      "/device-logins/:userCode",
      {
        schema: {
          tags,
          summary: "The login that a code belongs to",
          description: "For the signed-in person who is to allow it; API keys are refused.",
          params: CodeParams,
          response: { 200: DeviceLoginView, ...PROBLEMS },
        },
      },
      async (request) => getDeviceLogin((await deps.gate(request)).ctx, request.params),
    );
    app.post(
      "/device-logins/:userCode/allow",
      {
        schema: {
          tags,
          summary: "Allow a login: the program gets an API key of this account",
          description:
            "The key is listed among the account's API keys, made by the person who allows it, and ends with their role. A scope that allows more than that role is refused.",
          params: CodeParams,
          body: DeviceAllowBody,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request);
        const { userCode } = request.params;
        await answerDeviceLogin(ctx, { userCode, allowedScope: request.body.scope });
        return reply.code(204).send(null);
      },
    );
    app.post(
      "/device-logins/:userCode/deny",
      {
        schema: {
          tags,
          summary: "Refuse a login",
          description: "The program learns it with its next question, and has to begin again.",
          params: CodeParams,
          response: { 204: z.null(), ...PROBLEMS },
        },
      },
      async (request, reply) => {
        const { ctx } = await deps.gate(request, { account: "any" });
        await answerDeviceLogin(ctx, { userCode: request.params.userCode, allowedScope: undefined });
        return reply.code(204).send(null);
      },
    );
  };
}
