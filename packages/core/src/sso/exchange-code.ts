import type { HttpsClient } from "@waxseal/probes";
import { z } from "zod";
import { askForJson } from "./ask-for-json.ts";
import type { Provider } from "./discover-provider.ts";

const Tokens = z.object({
  id_token: z.string().max(65_536),
  access_token: z.string().max(65_536).optional(),
});

/** How we are known to a provider, and where it sends people back to. */
export type ProviderClient = { clientId: string; clientSecret: string; redirectUri: string };

/**
 * Trades the code of a sign-in for its tokens, with the verifier only we have.
 * @throws AppError `unavailable`
 *
 * OpenID Connect Core 1.0 §3.1.3, RFC 7636 §4.5
 */
export async function exchangeCode(
  client: HttpsClient,
  provider: Provider,
  { clientId, clientSecret, redirectUri }: ProviderClient,
  { code, codeVerifier }: { code: string; codeVerifier: string },
): Promise<{ idToken: string; accessToken: string | undefined }> {
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
  });
  const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded" };
  if (provider.secretIn === "header") {
    const pair = `${formEncode(clientId)}:${formEncode(clientSecret)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
  } else {
    form.set("client_id", clientId);
    form.set("client_secret", clientSecret);
  }
  const request = { url: provider.tokenEndpoint, headers, body: form.toString() };
  const tokens = await askForJson(client, request, Tokens);
  return { idToken: tokens.id_token, accessToken: tokens.access_token };
}

/** RFC 6749 §2.3.1 */
function formEncode(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
