const LIFE_MS = 12 * 3_600_000;

/**
 * When a session of single sign-on is over, however busy it is: twelve hours after it began, so that whom the identity provider no
 * longer knows is out by then.
 */
export function ssoSessionEndsAt(createdAt: Date): Date {
  return new Date(createdAt.getTime() + LIFE_MS);
}
