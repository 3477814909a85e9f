import { z } from "zod";

/** How a session was signed in. A passkey counts as two factors; the others ask for the app's code where its user has one. */
export const SIGN_IN_METHODS = ["password", "passkey", "sso"] as const;

/** One of {@link SIGN_IN_METHODS}. */
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** The method of that name; one of none is a password, which proves least. */
export function readSignInMethod(name: string | null | undefined): SignInMethod {
  return SIGN_IN_METHODS.find((method) => method === name) ?? "password";
}

/** `PUT /sso` */
export const SsoBody = z
  .object({
    issuer: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .describe(
        "Its host or address, with or without https:// and slash, or the address of its /.well-known/openid-configuration",
      ),
    clientId: z.string().trim().min(1).max(500),
    clientSecret: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .describe("Not given: the one there is stays, for the same issuer and client only"),
    domains: z
      .array(z.string().max(300))
      .min(1)
      .max(20)
      .describe("Of email addresses; each proven by DNS in this account"),
    isRequired: z.boolean().describe("Members who are not owners get in no other way"),
  })
  .meta({ id: "NewSso" });

/** `GET /sso` */
export const SsoView = z
  .object({
    redirectUri: z.string().describe("To be allowed at the identity provider"),
    sso: z
      .object({
        issuer: z.string(),
        clientId: z.string(),
        domains: z.array(
          z.object({
            domain: z.string(),
            isProven: z
              .boolean()
              .describe("false: its DNS does not point to this account any more; its people cannot sign in"),
          }),
        ),
        isRequired: z.boolean(),
        updatedAt: z.iso.datetime(),
      })
      .nullable(),
  })
  .meta({ id: "Sso" });
