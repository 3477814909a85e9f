import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { ApiKeyScope, Role } from "@waxseal/contract/permissions";
import { ApiError, api } from "./client.ts";
import type {
  ApiKeyListView,
  CreatedApiKeyView,
  EmailChangeView,
  InfoView,
  InvitationLinkView,
  InvitationListView,
  JoinedView,
  MemberListView,
  MeView,
  PersonView,
  SignUpView,
} from "./contract.ts";
import { findAccountId, inAccount, type Scope } from "./in-account.ts";

/** The signed-in person and what they may do in the account of the query client, else in the one they start in; null when signed out. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  staleTime: 60_000,
  queryFn: async (scope) => {
    try {
      return await (findAccountId(scope) === undefined ? api : inAccount(scope)).get<MeView>("/me");
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

/** The signed-in person, whatever accounts they belong to; null when signed out. */
export const personQuery = queryOptions({
  queryKey: ["person"],
  queryFn: async () => {
    try {
      return await api.get<PersonView>("/me/person");
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

/** Asks again who is signed in, after a sign-in. */
export async function askWhoIsHere(client: QueryClient): Promise<void> {
  await Promise.all([meQuery, personQuery].map(({ queryKey }) => client.resetQueries({ queryKey })));
}

export function renamePerson(name: string) {
  return api.put<void>("/me/name", { name });
}

export function changePassword(input: { currentPassword: string; newPassword: string }) {
  return api.auth("/change-password", input);
}

/** Mails a link to the present and the new address. */
export function askEmailChange(email: string) {
  return api.post<void>("/me/email", { email });
}

export function confirmEmailChange(token: string) {
  return api.post<EmailChangeView>(`/email-changes/${encodeURIComponent(token)}/confirm`);
}

/** Starts an account of one's own. */
export function startAccount(name: string) {
  return api.post<{ accountId: string }>("/me/accounts", { name });
}

export const infoQuery = queryOptions({
  queryKey: ["info"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: () => api.get<InfoView>("/info"),
});

/** Who may sign up now; asked again at each visit, since the operator may have changed it. */
export const signUpQuery = queryOptions({
  queryKey: ["sign-up"],
  queryFn: () => api.get<SignUpView>("/sign-up"),
});

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: (scope) => inAccount(scope).list<MemberListView>("/members"),
});

export const apiKeysQuery = queryOptions({
  queryKey: ["api-keys"],
  queryFn: (scope) => inAccount(scope).list<ApiKeyListView>("/api-keys"),
});

export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: (scope) => inAccount(scope).list<InvitationListView>("/invitations"),
});

export function inviteMember(input: { email: string; role: Role }, scope: Scope) {
  return inAccount(scope).post("/invitations", input);
}

export function revokeInvitation(id: string, scope: Scope) {
  return inAccount(scope).delete(`/invitations/${encodeURIComponent(id)}`);
}

/** Mails it again; the new link works for seven days. */
export function resendInvitation(id: string, scope: Scope) {
  return inAccount(scope).post(`/invitations/${encodeURIComponent(id)}/resend`);
}

export function changeMemberRole({ id, role }: { id: string; role: Role }, scope: Scope) {
  return inAccount(scope).put(`/members/${encodeURIComponent(id)}`, { role });
}

/** The API keys they made end, or go on working as those of who removes them. */
export function removeMember({ id, takesOverKeys }: { id: string; takesOverKeys: boolean }, scope: Scope) {
  const apiKeys = takesOverKeys ? "takeOver" : "end";
  return inAccount(scope).delete(`/members/${encodeURIComponent(id)}?apiKeys=${apiKeys}`);
}

export function renameAccount(name: string, scope: Scope) {
  return inAccount(scope).put<void>("/account/name", { name });
}

export function createApiKey(
  input: { name: string; scope: ApiKeyScope; expiresInDays?: number },
  scope: Scope,
) {
  return inAccount(scope).post<CreatedApiKeyView>("/api-keys", input);
}

export function deleteApiKey(id: string, scope: Scope) {
  return inAccount(scope).delete(`/api-keys/${encodeURIComponent(id)}`);
}

/** `next` is where the mailed link leads to; a path of this site. */
export function signUp(
  input: { name: string; email: string; password: string; accountName?: string },
  next = "/",
) {
  return api.auth("/sign-up/email", { ...input, callbackURL: next });
}

export function signIn(input: { email: string; password: string }) {
  return api.auth<{ twoFactorRedirect?: boolean }>("/sign-in/email", input);
}

export function signOut() {
  return api.auth("/sign-out", {});
}

export function sendVerificationMail(email: string, next = "/") {
  return api.auth("/send-verification-email", { email, callbackURL: next });
}

/** Has the dashboard start in this account the next time. */
export function startInAccount(accountId: string) {
  return api.put<void>("/me/account", { accountId });
}

/** Mails a link to set a new password if a user has this address. */
export function requestPasswordReset(email: string) {
  return api.auth("/request-password-reset", { email, redirectTo: "/reset-password" });
}

export function resetPassword(input: { token: string; newPassword: string }) {
  return api.auth("/reset-password", input);
}

/** Reads the invitation behind a mailed link; works without a session. */
export const invitationLinkQuery = (token: string) =>
  queryOptions({
    queryKey: ["invitation-link", token],
    queryFn: () => api.get<InvitationLinkView>(`/invitation-links/${encodeURIComponent(token)}`),
    retry: false,
  });

export function acceptInvitation(token: string) {
  return api.post<JoinedView>(`/invitation-links/${encodeURIComponent(token)}/accept`);
}

/** Confirms an address by a mailed link in a browser that did not sign up with it. */
export function confirmEmail(input: { token: string; name: string; password: string }, next = "/") {
  return api.auth("/confirm-email", { ...input, callbackURL: next });
}

export const PERSON_EXPORT_URL = "/api/v1/me/export";

/** `email` is one's own, typed to confirm. */
export function deleteOwnSignIn(email: string) {
  return api.delete("/me", { email });
}
