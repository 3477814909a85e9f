import { API_KEY_SCOPES, type ApiKeyScope } from "@waxseal/contract/permissions";

/** What a key may do, in a word or two. */
export const KEY_SCOPES: Record<ApiKeyScope, string> = {
  read: "Read only",
  onboard: "Onboard customers",
  write: "Read and write",
  admin: "Full access",
};

/** The same with what it means, to choose from. */
export const KEY_SCOPE_OPTIONS: readonly { value: ApiKeyScope; label: string }[] = [
  { value: "read", label: "Read only: domains and reports" },
  { value: "onboard", label: "Onboard customers: read, make customers, add domains" },
  { value: "write", label: "Read and write: also change domains and policies" },
  { value: "admin", label: "Full access: also members and API keys" },
];

/** The scope that was chosen; the least where it is none. */
export function readKeyScope(value: string): ApiKeyScope {
  return API_KEY_SCOPES.find((known) => known === value) ?? "read";
}
