import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { describeAccount } from "./describe-account.ts";
import { describeOperations } from "./describe-operations.ts";
import { describeWebhooks } from "./describe-webhooks.ts";
import { tidySchemas } from "./tidy-schemas.ts";

const DESCRIPTION = `Everything the dashboard does, it does through this API.

Send an API key of your account as \`Authorization: Bearer <key>\`. Errors are problem documents (RFC 9457) with a \`code\` from a closed list. An object of another account answers exactly like a missing one.

A POST may carry an \`Idempotency-Key\` of your choice. Sent again with the same key within a day, the same request gets the first answer, and nothing is done twice.

An API key acts in its own account, and in a customer's when the request names it: \`X-Waxseal-Account: <account id>\`, or \`?account=<account id>\` where headers cannot be set. A session names one of its user's accounts in the same way. Where the user has several, a request that changes something or exports a file and names none is refused with the code \`account_required\`; other reads then answer for the account where the session starts.`;

/** Has every route registered from now on described by the OpenAPI document. Await it before adding routes. */
export async function describeApi(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Waxseal",
        version: "1",
        description: DESCRIPTION,
        license: { name: "MPL-2.0", identifier: "MPL-2.0" },
      },
      servers: [{ url: publicUrl }],
      tags: TAGS,
      security: [{ apiKey: [] }, { session: [] }],
      components: {
        securitySchemes: {
          apiKey: { type: "http", scheme: "bearer", description: "An API key of the account" },
          session: { type: "apiKey", in: "cookie", name: "waxseal.session_token" },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (input) => ({
      ...describeOperations(describeAccount(tidySchemas(jsonSchemaTransformObject(input)))),
      webhooks: describeWebhooks(),
    }),
  });
}

const TAGS = [
  { name: "Domains", description: "Adding a domain, its three CNAMEs, its state, and leaving safely." },
  { name: "Policies", description: "What senders must do." },
  { name: "TLS reports", description: "What senders say about their deliveries." },
  { name: "Alerts", description: "What is wrong, and where messages about it are sent." },
  { name: "Account", description: "Who you are, and what happened." },
  { name: "Customers", description: "Accounts that this one manages." },
  {
    name: "Instructions",
    description: "The CNAMEs to publish, as a page, a file or an email for the person who edits the DNS.",
  },
  { name: "Checker", description: "For any domain, without an account." },
  { name: "Sandbox", description: "Only where the sandbox internet runs." },
];
