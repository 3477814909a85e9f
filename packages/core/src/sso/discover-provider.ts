import type { HttpsClient } from "@waxseal/probes";
import { z } from "zod";
import { askForJson } from "./ask-for-json.ts";
import { SsoProblem } from "./sso-problem.ts";

/** What an identity provider says about itself. */
export type Provider = {
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  jwksUri: string;
  userinfoEndpoint: string | undefined;
  /** How it wants our secret. */
  secretIn: "header" | "body";
  /** It names itself in its answer to the browser (RFC 9207). */
  namesItself: boolean;
  /** The provider's signing algorithms that we accept. */
  algorithms: string[];
};

/** Signatures by a key of the provider's own; never one by our secret, and never none. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

const Endpoint = z.url({ protocol: /^https$/ }).max(2_048);

const Metadata = z.object({
  issuer: z.string().max(2_048),
  authorization_endpoint: Endpoint,
  token_endpoint: Endpoint,
  jwks_uri: Endpoint,
  userinfo_endpoint: Endpoint.optional(),
  response_types_supported: z.array(z.string()).optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  id_token_signing_alg_values_supported: z.array(z.string()).default(["RS256"]),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});

/**
 * Asks an identity provider about itself.
 * @throws AppError `unavailable` – no answer, or one we cannot work with; the message says which
 *
 * OpenID Connect Discovery 1.0 §4
 */
export async function discoverProvider(client: HttpsClient, issuer: string): Promise<Provider> {
  const url = `${withoutSlash(issuer)}/.well-known/openid-configuration`;
  const found = await askForJson(client, { url }, Metadata);
  // Some put a slash behind their name, and tokens then have it too.
  if (withoutSlash(found.issuer) !== withoutSlash(issuer))
    throw refuse(`It calls itself ${found.issuer.slice(0, 200)}, not ${issuer}.`);
  if (found.response_types_supported?.includes("code") === false)
    throw refuse("It does not offer the authorization code flow.");
  if (found.code_challenge_methods_supported?.includes("S256") === false)
    throw refuse("It does not offer PKCE with S256.");
  const methods = found.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  const isBasic = methods.includes("client_secret_basic");
  if (!isBasic && !methods.includes("client_secret_post")) throw refuse("It takes no client secret.");
  const algorithms = ALGORITHMS.filter((name) => found.id_token_signing_alg_values_supported.includes(name));
  if (algorithms.length === 0) throw refuse("It signs its tokens in no way we believe.");
  return {
    issuer: found.issuer,
    authorizationEndpoint: found.authorization_endpoint,
    tokenEndpoint: found.token_endpoint,
    jwksUri: found.jwks_uri,
    userinfoEndpoint: found.userinfo_endpoint,
    secretIn: isBasic ? "header" : "body",
    namesItself: found.authorization_response_iss_parameter_supported ?? false,
    algorithms,
  };
}

/** An issuer without the slash that some write behind it. */
export function withoutSlash(issuer: string): string {
  return issuer.replace(/\/$/, "");
}

/**
 * The issuer in what a person has typed: a host, an address with or without slash, or that of the provider's metadata. `undefined`: none.
 */
export function readIssuer(text: string): string | undefined {
  const typed = text.trim().replace(/\/\.well-known\/openid-configuration\/?$/, "");
  const url = URL.parse(/^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`);
  if (url?.protocol !== "https:" || !url.hostname.includes(".") || url.search || url.hash || url.username)
    return undefined;
  return withoutSlash(url.href);
}

function refuse(problem: string): SsoProblem {
  return new SsoProblem("unusable", `The identity provider cannot be used. ${problem}`);
}
