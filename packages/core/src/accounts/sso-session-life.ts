const LIFE_MS = 12 * 3_600_000;

/**
 * Returns when a single sign-on session expires: twelve hours after it began, even if it is in use. A person whom the identity provider has
 * removed loses access by then.
 */
export function ssoSessionEndsAt(createdAt: Date): Date {
  return new Date(createdAt.getTime() + LIFE_MS);
}
