import type { HttpsClient } from "@waxseal/probes";
import { createLocalJWKSet, errors, jwtVerify } from "jose";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { askForJson } from "./ask-for-json.ts";
import type { Provider } from "./discover-provider.ts";

/** Who a provider says somebody is. `email` is lower-case, and verified as the provider says. */
export type Identity = { subject: string; email: string; name: string | undefined };

const Keys = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string() }))
    .min(1)
    .max(100),
});
const Person = z.object({
  sub: z.string().min(1).max(255),
  email: z.email().max(254).optional(),
  // Some send it as text.
  email_verified: z.union([z.boolean(), z.literal(["true", "false"])]).optional(),
  // Microsoft Entra says it by this optional claim instead.
  xms_edov: z.union([z.boolean(), z.literal(["1", "0", "true", "false", 1, 0])]).optional(),
  name: z.string().optional(),
});
const Token = Person.extend({
  nonce: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
});

type Sign = { clientId: string; nonce: string; idToken: string; accessToken: string | undefined; now: Date };

/** Clocks may differ by as much. */
const CLOCK_TOLERANCE_SECONDS = 60;
const MAX_AGE_SECONDS = 600;

/**
 * Reads who signed in out of an id_token, once its signature by a key of the provider, issuer, audience, times and nonce are right.
 *
 * The address comes from the token, else from userinfo for the same subject.
 * @throws AppError `forbidden` – the token is not for this sign-in, or the address is missing or not verified; `unavailable`
 *
 * OpenID Connect Core 1.0 §3.1.3.7, §5.3.2
 */
export async function readIdentity(client: HttpsClient, provider: Provider, signIn: Sign): Promise<Identity> {
  const token = await verifyToken(client, provider, signIn);
  const person =
    token.email === undefined ? await askUserinfo(client, provider, token.sub, signIn.accessToken) : token;
  if (person.email === undefined) throw refuse("It does not tell your email address.");
  if (!isVerified(person)) throw refuse("It does not say that your email address is verified.");
  const name = (person.name ?? token.name)?.replace(/\s+/g, " ").trim().slice(0, 80);
  return { subject: token.sub, email: person.email.toLowerCase(), name: name || undefined };
}

function isVerified({ email_verified: email, xms_edov: domain }: z.infer<typeof Person>): boolean {
  if (email !== undefined) return String(email) === "true";
  return domain !== undefined && ["true", "1"].includes(String(domain));
}

async function verifyToken(client: HttpsClient, provider: Provider, signIn: Sign) {
  const keys = await askForJson(client, { url: provider.jwksUri }, Keys);
  const verified = await jwtVerify(signIn.idToken, createLocalJWKSet(keys), {
    issuer: provider.issuer,
    audience: signIn.clientId,
    algorithms: provider.algorithms,
    requiredClaims: ["exp", "iat", "sub", "nonce"],
    maxTokenAge: MAX_AGE_SECONDS,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: signIn.now,
  }).catch((cause: unknown) => {
    if (!(cause instanceof errors.JOSEError)) throw cause;
    throw refuse("Its token is not valid.", cause);
  });
  const { data, error } = Token.safeParse(verified.payload);
  if (error) throw refuse("Its token is not valid.", error);
  if (data.nonce !== signIn.nonce) throw refuse("Its token is for another sign-in.");
  const isForOthersToo = Array.isArray(data.aud) && data.aud.length > 1;
  if ((isForOthersToo || data.azp !== undefined) && data.azp !== signIn.clientId)
    throw refuse("Its token is for another application.");
  return data;
}

async function askUserinfo(
  client: HttpsClient,
  { userinfoEndpoint: url }: Provider,
  subject: string,
  accessToken: string | undefined,
) {
  if (url === undefined || accessToken === undefined) throw refuse("It does not tell your email address.");
  const headers = { authorization: `Bearer ${accessToken}` };
  const person = await askForJson(client, { url, headers }, Person);
  if (person.sub !== subject) throw refuse("It speaks of two different people.");
  return person;
}

function refuse(problem: string, cause?: unknown): AppError {
  return new AppError("forbidden", `The identity provider's answer was refused. ${problem}`, { cause });
}
