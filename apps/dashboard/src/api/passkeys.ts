import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import { queryOptions } from "@tanstack/react-query";
import { ApiError, api } from "./client.ts";
import type { PasskeyListView } from "./contract.ts";

export const passkeysQuery = queryOptions({
  queryKey: ["passkeys"],
  queryFn: () => api.get<PasskeyListView>("/me/passkeys"),
});

export function renamePasskey({ id, name }: { id: string; name: string }) {
  return api.put<void>(`/me/passkeys/${encodeURIComponent(id)}`, { name });
}

export function removePasskey(id: string) {
  return api.delete(`/me/passkeys/${encodeURIComponent(id)}`);
}

/** Whether this browser knows passkeys at all. */
export function knowsPasskeys(): boolean {
  return "PublicKeyCredential" in window;
}

/** Makes a passkey on this device or on another one, whichever the person chooses. */
export async function addPasskey(name: string): Promise<void> {
  const optionsJSON = await api
    .authGet<PublicKeyCredentialCreationOptionsJSON>("/passkey/generate-register-options")
    .catch((error: unknown) => {
      if (error instanceof ApiError && error.code === "SESSION_NOT_FRESH") throw askToSignInAgain();
      throw error;
    });
  const { startRegistration } = await import("@simplewebauthn/browser");
  const response = await startRegistration({ optionsJSON }).catch(sayWhy);
  await api.auth("/passkey/verify-registration", { response, name });
}

/** Signs in with a passkey, which the browser lets the person choose. */
export async function signInWithPasskey(): Promise<void> {
  const options = await api.authGet<PublicKeyCredentialRequestOptionsJSON>(
    "/passkey/generate-authenticate-options",
  );
  const { startAuthentication } = await import("@simplewebauthn/browser");
  const optionsJSON = { ...options, userVerification: "required" as const };
  const response = await startAuthentication({ optionsJSON }).catch(sayWhy);
  await api.auth("/passkey/verify-authentication", { response });
}

function askToSignInAgain(): ApiError {
  return new ApiError(
    403,
    "forbidden",
    "You signed in more than a quarter of an hour ago. Sign out and in again, then add the passkey.",
  );
}

/** The browser's own words are for programmers. */
function sayWhy(error: unknown): never {
  const isKnown = error instanceof Error && error.name === "InvalidStateError";
  throw new ApiError(
    0,
    "invalid",
    isKnown
      ? "This device already holds a passkey of yours for Waxseal."
      : "No passkey was used. You stopped it, or it took too long.",
  );
}
