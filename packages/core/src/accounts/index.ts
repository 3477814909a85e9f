export { type AccountQuota, getAccountQuota, setAccountQuota } from "../limits/account-quota.ts";
export { acceptInvitation } from "./accept-invitation.ts";
export { answerDeviceLogin, getDeviceLogin } from "./answer-device-login.ts";
export { beginDeviceLogin } from "./begin-device-login.ts";
export { changeCustomer } from "./change-customer.ts";
export { askEmailChange, confirmEmailChange } from "./change-email.ts";
export { changeMemberRole } from "./change-member-role.ts";
export { chooseAccount } from "./choose-account.ts";
export { createAccount } from "./create-account.ts";
export { createApiKey } from "./create-api-key.ts";
export { createCustomer } from "./create-customer.ts";
export { createUser } from "./create-user.ts";
export { deleteApiKey } from "./delete-api-key.ts";
export { endOtherSessions, endSession } from "./end-session.ts";
export { findAccount } from "./find-account.ts";
export { getInvitationLink } from "./find-invitation-link.ts";
export { getPerson } from "./get-person.ts";
export { inviteMember } from "./invite-member.ts";
export {
  findKeptAnswer,
  type KeepAnswer,
  type KeptAnswer,
  pruneKeptAnswers,
  type RepeatSender,
} from "./keep-answer.ts";
export { listAccounts, listUsers } from "./list-accounts.ts";
export { listApiKeys } from "./list-api-keys.ts";
export { listInvitations } from "./list-invitations.ts";
export { listMembers } from "./list-members.ts";
export { listPasskeys } from "./list-passkeys.ts";
export { listSessions } from "./list-sessions.ts";
export type { InviteDeps } from "./mail-invitation.ts";
export type { NoticeDeps } from "./mail-person.ts";
export { OPERATOR } from "./operator.ts";
export { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "./password-rule.ts";
export type { Person } from "./person.ts";
export { pollDeviceLogin } from "./poll-device-login.ts";
export type { ApiKey } from "./present-api-key.ts";
export { pruneSignIn } from "./prune-sign-in.ts";
export { removeMember } from "./remove-member.ts";
export { removePasskey } from "./remove-passkey.ts";
export { renameAccount } from "./rename-account.ts";
export { renamePasskey } from "./rename-passkey.ts";
export { renamePerson } from "./rename-person.ts";
export { resendInvitation } from "./resend-invitation.ts";
export { resetMemberTwoFactor, resetUserTwoFactor } from "./reset-two-factor.ts";
export { revokeInvitation } from "./revoke-invitation.ts";
export { setTwoFactorRule } from "./set-two-factor-rule.ts";
export {
  explainSignUpRefusal,
  formatSignUpRule,
  getSignUpRule,
  readSignUpRule,
  type SignUpRule,
  setSignUpRule,
} from "./sign-up-rule.ts";
export { startAccount } from "./start-account.ts";
export { resumeAccount, suspendAccount } from "./suspend-account.ts";
