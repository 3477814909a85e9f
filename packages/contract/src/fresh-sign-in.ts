/** How long after signing in a person may do what cannot be undone. */
export const FRESH_SIGN_IN_MS = 15 * 60_000;
