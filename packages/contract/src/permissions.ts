/** What a member of an account is, most powerful first. */
export const ROLES = ["owner", "admin", "editor", "viewer"] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** What an API key may do, least first; each is one role. */
export const API_KEY_SCOPES = ["read", "write", "admin"] as const;

/** One of {@link API_KEY_SCOPES}. */
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

/** The role whose permissions a key of this scope has. No key is an owner. */
export const SCOPE_ROLES = {
  read: "viewer",
  write: "editor",
  admin: "admin",
} as const satisfies Record<ApiKeyScope, Role>;

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

/** Whether a role may do something. */
export function mayDo(role: Role, action: Action): boolean {
  const roles: readonly Role[] = PERMISSIONS[action];
  return roles.includes(role);
}

/** The role of that name; a name of none has the fewest permissions. */
export function readRole(name: string | null): Role {
  return ROLES.find((role) => role === name) ?? "viewer";
}
