/** Why a person is sent to the sign-in page, as its address says. */
export const SIGN_IN_PROBLEMS = ["link", "reset", "confirmed"] as const;

/** One of {@link SIGN_IN_PROBLEMS}. */
export type SignInProblem = (typeof SIGN_IN_PROBLEMS)[number];
