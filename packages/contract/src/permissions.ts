/** What a member of an account is, most powerful first. */
export const ROLES = ["owner", "admin", "editor", "viewer"] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** What an API key may do. `onboard` reads, makes customers, adds domains and sends their instructions. */
export const API_KEY_SCOPES = ["read", "onboard", "write", "admin"] as const;

/** One of {@link API_KEY_SCOPES}. */
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

/** A member's role, or what only a key of the scope `onboard` is. */
export type Grantee = Role | "onboarder";

/** What a key of this scope has the permissions of. No key is an owner. */
export const SCOPE_ROLES = {
  read: "viewer",
  onboard: "onboarder",
  write: "editor",
  admin: "admin",
} as const satisfies Record<ApiKeyScope, Grantee>;

/**
 * Who may do what: the one table that verbs, dashboard, API keys and tests read.
 *
 * An action that changes something never lists `viewer`. Background jobs and the operator may do everything.
 */
export const PERMISSIONS = {
  "account.read": ["owner", "admin", "editor", "viewer"],
  "account.manage": ["owner", "admin"],
  "account.export": ["owner", "admin"],
  "account.close": ["owner"],
  "sso.manage": ["owner"],
  "members.manage": ["owner", "admin"],
  "members.resetFactor": ["owner"],
  "apiKeys.manage": ["owner", "admin"],
  "customers.manage": ["owner", "admin"],
  "domains.read": ["owner", "admin", "editor", "viewer"],
  "domains.change": ["owner", "admin", "editor"],
  "domains.leave": ["owner", "admin", "editor"],
  "policies.publish": ["owner", "admin", "editor"],
  "alerts.manage": ["owner", "admin"],
  "alerts.acknowledge": ["owner", "admin", "editor"],
  "reports.read": ["owner", "admin", "editor", "viewer"],
  "reports.change": ["owner", "admin", "editor"],
} as const satisfies Record<string, readonly Role[]>;

/** Something a role may or may not do. */
export type Action = keyof typeof PERMISSIONS;

/** All that a key which onboards customers may do: beyond reading, customers and their domains. It publishes no policy, turns nothing off, and makes no keys or members. */
const ONBOARDER_MAY: readonly Action[] = [
  "account.read",
  "domains.read",
  "reports.read",
  "customers.manage",
  "domains.change",
];

/** Whether a role may do something. */
export function mayDo(role: Grantee, action: Action): boolean {
  if (role === "onboarder") return ONBOARDER_MAY.includes(action);
  const roles: readonly Role[] = PERMISSIONS[action];
  return roles.includes(role);
}

/** Whether a role allows all that a key of this scope may do, so that a person with the role may have such a key. */
export function coversScope(role: Grantee, scope: ApiKeyScope): boolean {
  return actionsOf(scope).every((action) => mayDo(role, action));
}

/** All that a key of this scope may do. */
export function actionsOf(scope: ApiKeyScope): Action[] {
  const actions = Object.keys(PERMISSIONS) as Action[];
  return actions.filter((action) => mayDo(SCOPE_ROLES[scope], action));
}

/** The scope of a key that has these permissions. */
export function scopeOf(grantee: Grantee): ApiKeyScope {
  return API_KEY_SCOPES.find((scope) => SCOPE_ROLES[scope] === grantee) ?? "read";
}

/** The role of that name; a name of none has the fewest permissions. */
export function readRole(name: string | null): Role {
  return ROLES.find((role) => role === name) ?? "viewer";
}
