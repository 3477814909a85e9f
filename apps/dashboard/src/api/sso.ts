import { queryOptions } from "@tanstack/react-query";
import { api } from "./client.ts";
import type { SsoBody, SsoView } from "./contract.ts";
import { inAccount, type Scope } from "./in-account.ts";

/** The account's single sign-on; owners only. */
export const ssoQuery = queryOptions({
  queryKey: ["sso"],
  queryFn: (scope) => inAccount(scope).get<SsoView>("/sso"),
});

export function setSso(body: SsoBody, scope: Scope) {
  return inAccount(scope).put<SsoView>("/sso", body);
}

export function removeSso(_: unknown, scope: Scope) {
  return inAccount(scope).delete("/sso");
}

/** Leads the browser to the identity provider of the person with this address. */
export async function startSso({ email, next }: { email: string; next?: string | undefined }): Promise<void> {
  const { url } = await api.auth<{ url: string }>("/sso/start", { email, ...(next && { next }) });
  window.location.assign(url);
  // The page is left; until then the button stays busy.
  await new Promise(() => undefined);
}

export type SsoWayBack = { code: string; state: string; iss?: string };

/** What the identity provider sent the browser back with; each works once. */
export function finishSso(way: SsoWayBack) {
  return api.auth<{ twoFactorRedirect: boolean; next?: string }>("/sso/finish", way);
}
