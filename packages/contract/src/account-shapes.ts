import { z } from "zod";
import { ShownBrand } from "./brand-shapes.ts";
import { Id } from "./domain-shapes.ts";
import { pageAnswer } from "./page-shapes.ts";
import { API_KEY_SCOPES, ROLES } from "./permissions.ts";
import { SIGN_IN_METHODS } from "./sso-shapes.ts";

const RoleName = z.enum(ROLES);
const Scope = z.enum(API_KEY_SCOPES);

const sandbox = z
  .object({
    mailUrl: z.string().nullable().describe("Where mails of the sandbox are read; null: mail goes out"),
    hasDns: z.boolean().describe("Whether it plays the DNS of every domain, and senders"),
  })
  .nullable()
  .describe("Set when this server runs with the sandbox internet, or a part of it");

/** What anyone may know before signing in: `GET /info`. */
export const InfoView = z
  .object({
    hostedZone: z.string(),
    sandbox,
    dataSources: z
      .array(z.object({ name: z.string(), url: z.string(), licence: z.string() }))
      .describe("Whose data says who owns a network; to be named, with a link, wherever an owner is shown"),
  })
  .meta({ id: "Info" });

/** Who may sign up now: `GET /sign-up`. */
export const SignUpView = z
  .object({
    rule: z
      .enum(["open", "invitation", "domains", "closed"])
      .describe(
        "`invitation`: people with the link of an invitation; `domains`: these, and addresses at `domains`",
      ),
    domains: z
      .array(z.string())
      .describe("Mail domains whose people may sign up; empty unless the rule is `domains`"),
  })
  .meta({ id: "SignUp" });

/** Who is signed in, and in which account. */
export const MeView = z
  .object({
    user: z
      .object({ id: z.string(), name: z.string(), email: z.string() })
      .nullable()
      .describe("null: API key"),
    account: z.object({
      id: z.string(),
      name: z.string(),
      role: RoleName.describe("With an API key of the scope onboard: viewer"),
      closingAt: z.iso.datetime().nullable().describe("Since when it is being deleted; null: it is not"),
    }),
    startsHere: z.boolean().describe("The dashboard starts in this account"),
    accounts: z.array(z.object({ id: z.string(), name: z.string(), role: RoleName })),
    twoFactor: z.object({
      enabled: z.boolean().describe("You sign in with a second factor"),
      hasPasskey: z.boolean().describe("A passkey signs you in with both factors"),
      required: z.boolean().describe("This account requires it of all members"),
      recoveryCodesLeft: z
        .int()
        .nullable()
        .describe("Unused recovery codes; null: no app, or not counted yet"),
      lacking: z.boolean().describe("It is required of you and not set up: nothing else is answered"),
    }),
    signIn: z.object({
      by: z.enum(SIGN_IN_METHODS).nullable().describe("null: API key"),
      hasPassword: z.boolean(),
      lacksSso: z
        .boolean()
        .describe("This account wants single sign-on and you came otherwise: nothing else is answered"),
      scope: Scope.nullable().describe("What the API key may do; null: a session"),
    }),
    provider: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .describe("The account that manages this one, when you belong to it"),
    brand: ShownBrand.nullable().describe("Of the provider or of this account; null: none was chosen"),
    sandbox,
    hostedZone: z.string(),
  })
  .meta({ id: "Me" });

/** `DELETE /me` */
export const OwnSignInBody = z
  .object({ email: z.string().max(254).describe("Your address, to confirm") })
  .meta({ id: "OwnSignIn" });

/** `PUT /account/name` */
export const AccountNameBody = z.object({ name: z.string().max(200) }).meta({ id: "AccountName" });

/** `PUT /account/two-factor` */
export const TwoFactorRuleBody = z.object({ required: z.boolean() }).meta({ id: "TwoFactorRule" });

/** An API key as listed: never the key itself. */
export const ApiKeyView = z
  .object({
    id: z.string(),
    name: z.string(),
    start: z.string().nullable().describe("First characters, to recognise it"),
    scope: Scope,
    createdBy: z
      .object({ id: z.string().nullable(), name: z.string() })
      .nullable()
      .describe("Who made it, or took it over; id null: not a person. null: not known"),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
    expiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "ApiKey" });

/** `GET /api-keys` */
export const ApiKeyListView = z
  .object({ items: z.array(ApiKeyView), ...pageAnswer })
  .meta({ id: "ApiKeyList" });

/** `POST /api-keys` */
export const ApiKeyBody = z
  .object({
    name: z.string().trim().min(1).max(100),
    scope: Scope.default("admin").describe("read: a viewer; write: an editor; admin: an admin"),
    expiresInDays: z.int().min(1).max(3650).optional(),
  })
  .meta({ id: "NewApiKey" });

/** The one answer that carries the key. */
export const CreatedApiKeyView = ApiKeyView.extend({ key: z.string() }).meta({ id: "CreatedApiKey" });

/** What the sandbox did, step by step. Only where the sandbox runs. */
export const SandboxLogView = z
  .object({
    steps: z.array(z.object({ at: z.iso.datetime(), who: z.string(), text: z.string(), ok: z.boolean() })),
  })
  .meta({ id: "SandboxLog" });

/** `POST /sandbox/faults`: what goes wrong now; `none` repairs the mail host, `speak` has the silent sender report again. */
export const SandboxFaultBody = z
  .object({
    domainId: Id,
    fault: z.enum(["expired", "selfsigned", "none", "cname", "silence", "speak"]),
    mxHost: z.string().max(253).optional().describe("Of the domain; the first one unless given"),
  })
  .meta({ id: "SandboxFault" });

/** `POST /sandbox/deliver` and `/sandbox/publish` */
export const SandboxBody = z.object({ domainId: Id }).meta({ id: "SandboxInput" });
