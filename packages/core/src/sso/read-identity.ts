import { formatInstant } from "@waxseal/contract/format-instant";
import type { HttpsClient } from "@waxseal/probes";
import { createLocalJWKSet, decodeJwt, errors, jwtVerify } from "jose";
import { z } from "zod";
import { clipText } from "../clip-text.ts";
import { askForJson } from "./ask-for-json.ts";
import type { Provider } from "./discover-provider.ts";
import { SsoProblem, type SsoProblemKind } from "./sso-problem.ts";

/** Who a provider says a person is. `email` is lower-case, and verified as the provider says. */
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
 * @throws SsoProblem `forbidden` – the token is not for this sign-in, or the address is missing or not verified; `unavailable`
 *
 * OpenID Connect Core 1.0 §3.1.3.7, §5.3.2
 */
export async function readIdentity(client: HttpsClient, provider: Provider, signIn: Sign): Promise<Identity> {
  const token = await verifyToken(client, provider, signIn);
  const person =
    token.email === undefined ? await askUserinfo(client, provider, token.sub, signIn.accessToken) : token;
  if (person.email === undefined)
    throw refuse("noEmail", "It does not send the claim email, neither in the token nor from userinfo.");
  if (!isVerified(person))
    throw refuse("unverifiedEmail", "It does not send email_verified (or xms_edov) as true.");
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
    throw explainToken(cause, signIn, provider);
  });
  const { data, error } = Token.safeParse(verified.payload);
  if (error) throw refuse("unusable", "A claim of its token has another shape than it should.", error);
  if (data.nonce !== signIn.nonce) throw refuse("nonce", "Its token carries the nonce of another sign-in.");
  const isForOthersToo = Array.isArray(data.aud) && data.aud.length > 1;
  if ((isForOthersToo || data.azp !== undefined) && data.azp !== signIn.clientId)
    throw refuse(
      "audience",
      `Its token is for ${list(data.aud)}, on behalf of ${data.azp ?? "none of them"}.`,
    );
  return data;
}

async function askUserinfo(
  client: HttpsClient,
  { userinfoEndpoint: url }: Provider,
  subject: string,
  accessToken: string | undefined,
) {
  if (url === undefined || accessToken === undefined)
    throw refuse("noEmail", "It does not send the claim email, neither in the token nor from userinfo.");
  const headers = { authorization: `Bearer ${accessToken}` };
  const person = await askForJson(client, { url, headers }, Person);
  if (person.sub !== subject) throw refuse("twoPeople", "Token and userinfo have different subjects.");
  return person;
}

/** Which check a token failed: signature, issuer, audience and clock have different remedies. */
function explainToken(cause: errors.JOSEError, { idToken, clientId, now }: Sign, { issuer }: Provider) {
  const claims = readUnchecked(idToken);
  const claim =
    cause instanceof errors.JWTClaimValidationFailed || cause instanceof errors.JWTExpired ? cause.claim : "";
  if (claim === "iss")
    return refuse("issuer", `Its token names the issuer ${list(claims.iss)}; ${issuer} is set up.`, cause);
  if (claim === "aud")
    return refuse(
      "audience",
      `Its token is for ${list(claims.aud)}; the client ID set up is ${clientId}.`,
      cause,
    );
  if (["exp", "iat", "nbf"].includes(claim)) {
    const hereNow = formatInstant(now.toISOString());
    const times = `was made at ${instant(claims.iat)} and expires at ${instant(claims.exp)}`;
    return refuse(
      "clock",
      `Its token ${times}; here it is ${hereNow}. Compare the provider's clock with ours.`,
      cause,
    );
  }
  if (cause instanceof errors.JWSSignatureVerificationFailed || cause instanceof errors.JWKSNoMatchingKey)
    return refuse("signature", "Its token is not signed by one of the keys that it publishes.", cause);
  if (cause instanceof errors.JOSEAlgNotAllowed)
    return refuse("signature", "Its token is signed by an algorithm that we do not accept.", cause);
  return refuse("unusable", `Its token is not valid${claim ? `: ${claim} is missing or wrong` : ""}.`, cause);
}

/** Reads the claims of a token without verifying it; only for the text of an error. */
function readUnchecked(idToken: string): Record<string, unknown> {
  try {
    return decodeJwt(idToken);
  } catch {
    return {};
  }
}

function instant(seconds: unknown): string {
  const at = typeof seconds === "number" ? new Date(seconds * 1_000) : undefined;
  return at && !Number.isNaN(at.getTime()) ? formatInstant(at.toISOString()) : "no time";
}

function list(value: unknown): string {
  const texts = (Array.isArray(value) ? value : [value]).map((one) =>
    typeof one === "string" ? one : "nothing",
  );
  return clipText(texts.slice(0, 5).join(", "), 200);
}

function refuse(kind: SsoProblemKind, problem: string, cause?: unknown): SsoProblem {
  return new SsoProblem(kind, `The identity provider's answer was refused. ${problem}`, { cause });
}
