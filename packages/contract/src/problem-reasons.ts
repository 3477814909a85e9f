import type { AppErrorCode } from "./errors.ts";

/**
 * Why a request was refused, more exactly than its code: every reason there is, by code. The first of a code is its usual one. Reasons are
 * part of the API: add, never rename.
 */
export const PROBLEM_REASONS = {
  invalid: {
    invalid_input: "A field or parameter breaks a rule; `errors` names each.",
    malformed_request: "The request is no valid HTTP or JSON.",
    wrong_method: "The address has no such method; the header Allow names those that it has.",
    idempotency_key_reused: "The idempotency key was sent with another request before.",
  },
  unauthenticated: {
    not_signed_in: "There is no session and no API key.",
    key_not_valid: "The API key does not exist, was revoked or has expired.",
    session_expired: "The session of single sign-on has ended.",
  },
  account_required: { account_not_named: "Several accounts are possible, and the request names none." },
  no_account: { no_membership: "The user belongs to no account, or no longer to the one named." },
  forbidden: {
    role_too_low: "The member's role lacks the permission; `needs` and `has` name both.",
    scope_too_narrow: "The API key's scope lacks the permission; `needs` and `has` name both.",
    foreign_page: "A page of another site sent the request.",
    sso_session: "A session of single sign-on may not do this.",
    sso_required: "The account requires single sign-on.",
    sso_refused: "The identity provider's answer does not admit this person.",
    two_factor_required: "The account requires two-factor sign-in.",
    sign_in_too_old: "The sign-in is more than 15 minutes old.",
    other_address: "The invitation was sent to another address.",
    owners_only: "Only an owner may make, change or remove an owner.",
    names_other_account: "The message names a domain of another account.",
    account_suspended: "The operator suspended the account.",
    not_invited: "The person is no member and was not invited.",
    access_denied: "The person refused the login of the device (RFC 8628 §3.5).",
  },
  not_found: {
    no_such_object: "There is no such object in this account, or it belongs to another one.",
    no_such_page: "There is nothing at this address.",
    expired_token: "The login of the device has expired, was finished, or never began (RFC 8628 §3.5).",
  },
  conflict: {
    domain_exists: "The domain is in this account already.",
    domain_leaving: "MTA-STS is being turned off for the domain.",
    domain_left: "MTA-STS has been turned off for the domain.",
    domain_not_leaving: "MTA-STS is not being turned off for the domain.",
    domain_cached: "Senders may have cached the domain's policy: turn MTA-STS off first.",
    policy_changed: "The policy changed since it was assessed.",
    mx_changed: "The MX hosts changed since the policy was assessed.",
    change_ended: "The change to many policies has ended.",
    wave_waiting: "The next wave of the change to many policies may not begin yet.",
    change_without_effect: "The change to many policies has changed none.",
    external_id_taken: "A customer with this externalId has other content.",
    customer_ambiguous: "Several customers have this name.",
    customer_of_customer: "A customer has no customers of its own.",
    account_ambiguous: "Several accounts have this name.",
    account_closing: "The account is being deleted.",
    account_not_closing: "The account is not being deleted.",
    account_not_suspended: "The account is not suspended.",
    account_has_customers: "The account still manages customers.",
    member_exists: "The person is a member already.",
    user_exists: "The address has a sign-in already.",
    authorization_pending: "The person has not decided about the login of the device yet (RFC 8628 §3.5).",
    login_answered: "The login of the device was allowed or refused before.",
    not_a_member: "The person is no member of the account.",
    last_owner: "An account keeps at least one owner.",
    last_second_factor: "An account of the person requires two-factor, and this is the last second factor.",
    second_factor_missing: "The person has no second factor.",
    own_second_factor: "For one's own second factor there is another way.",
    not_a_person: "An API key is no person: sign in to do this.",
    request_under_way: "The first request with this idempotency key is under way, or was cut off.",
    answer_not_kept: "This was done, but its answer is not kept any longer.",
    message_in_use: "The message is being read at this moment.",
    channel_not_confirmed: "The channel's address is not confirmed yet.",
    channel_without_secret: "Only webhooks have a secret.",
    notification_waiting: "The message is waiting to be sent.",
    selection_changed: "The filter matches another number of domains than was shown.",
    channel_ambiguous: "Several channels have this name.",
    changed_meanwhile: "Another person changed this at the same time.",
    sign_in_under_way: "The person signs in twice at once.",
    no_mail_host: "The domain has no mail host.",
    sandbox_refused: "The sandbox could not do this.",
    reports_not_moved: "The reports are not in the other database yet.",
    account_is_customer: "A provider manages the account, and has what was asked for.",
  },
  precondition_failed: {
    etag_mismatch: "The object changed since its ETag was read; `collidesWith` names it. Read it again.",
    no_etag: "This address has no ETag, so that none can match.",
  },
  confirm_needed: {
    probably_a_mistake: "The domain is probably not the one that was meant; `questions` say why.",
  },
  unsafe: { mail_at_risk: "The policy could hold mail back; `reasons` say why." },
  limit_reached: {
    too_often: "Too many requests in a short time; the header Retry-After says when to go on.",
    too_many_at_once: "Too much of this is under way at the moment.",
    too_large: "The request or file is too large, or names too many objects.",
    too_many_objects: "The account or person has as many of these as it can have.",
    slow_down: "The device asks too often: five seconds less often from now on (RFC 8628 §3.5).",
    daily_limit: "The limit of a longer time, such as a day, is used up.",
  },
  unavailable: {
    dependency_away: "Something that we depend on does not answer.",
    database_away: "The database does not answer.",
    not_published_yet: "The policy is not published yet; it is tried again automatically.",
    sso_away: "The identity provider does not answer, or not in a way that can be used.",
    stopping: "This server is being stopped.",
    not_running: "Waxseal does not run here, or is still starting.",
    internal_error: "A fault of ours; the request id helps to find it.",
  },
  reports_unavailable: { reports_database_away: "The database of the reports does not answer." },
} as const satisfies Record<AppErrorCode, Record<string, string>>;

/**
 * Conflicts that name no object: the request collides with the caller, with several objects at once, or with an object that the caller may
 * not know of. Every other conflict names what it collides with.
 */
export type ConflictWithoutObject =
  | "selection_changed"
  | "customer_ambiguous"
  | "account_ambiguous"
  | "channel_ambiguous"
  | "user_exists"
  | "not_a_member"
  | "not_a_person"
  | "request_under_way"
  | "authorization_pending"
  | "login_answered"
  | "answer_not_kept"
  | "sign_in_under_way"
  | "sandbox_refused"
  | "reports_not_moved";

/** The reasons of a code. */
export type ReasonOf<Code extends AppErrorCode> = Code extends AppErrorCode
  ? keyof (typeof PROBLEM_REASONS)[Code] & string
  : never;

/** Any of {@link PROBLEM_REASONS}. */
export type ProblemReason = ReasonOf<AppErrorCode>;

const codes: AppErrorCode[] = Object.keys(PROBLEM_REASONS) as AppErrorCode[];

/** Every reason, in the order of the table. */
export const PROBLEM_REASON_NAMES = codes.flatMap(
  (code) => Object.keys(PROBLEM_REASONS[code]) as ProblemReason[],
);

/** The usual reason of a code. */
export function usualReason(code: AppErrorCode): ProblemReason {
  const [first] = Object.keys(PROBLEM_REASONS[code]) as [ProblemReason];
  return first;
}

/** What a refused request may collide with. */
export const COLLISION_KINDS = [
  "domain",
  "customer",
  "account",
  "member",
  "policyChange",
  "channel",
  "notification",
  "message",
  "apiKey",
] as const;
