import { AppError } from "../app-error.ts";

/** What can go wrong in a sign-in by an identity provider: the code to pass on, and what its person reads. */
export const SSO_PROBLEMS = {
  away: ["S-10", "Your company's sign-in did not answer."],
  refusedUs: ["S-11", "Your company's sign-in did not accept our request."],
  unusable: ["S-12", "Your company's sign-in sent an answer that we cannot use."],
  issuer: ["S-20", "The answer came from another sign-in service than the one that is set up."],
  audience: ["S-21", "The answer of your company's sign-in is meant for another application."],
  clock: ["S-22", "The answer of your company's sign-in has a time that is not valid."],
  signature: ["S-23", "The answer of your company's sign-in is not signed in a way that we trust."],
  nonce: ["S-24", "The answer of your company's sign-in belongs to another attempt."],
  twoPeople: ["S-25", "Your company's sign-in named two different people."],
  noEmail: ["S-30", "Your company's sign-in did not send your email address."],
  unverifiedEmail: ["S-31", "Your company's sign-in does not say that your email address is verified."],
  foreignEmail: ["S-32", "Your email address is not one of this account's domains."],
  otherPerson: ["S-41", "Your company's sign-in knows you as another person than before."],
} as const satisfies Record<string, readonly [code: string, words: string]>;

/** One of {@link SSO_PROBLEMS}. */
export type SsoProblemKind = keyof typeof SSO_PROBLEMS;

/** A sign-in that failed at the provider. `message` is for the owners who set it up, `words` for the person who signs in. */
export class SsoProblem extends AppError<"unavailable" | "forbidden"> {
  readonly ssoCode: string;
  readonly words: string;

  constructor(kind: SsoProblemKind, message: string, options: { cause?: unknown } = {}) {
    const isAway = kind === "away" || kind === "refusedUs" || kind === "unusable";
    super(
      isAway ? "unavailable" : "forbidden",
      message,
      isAway ? { ...options, reason: "sso_away" } : { ...options, reason: "sso_refused" },
    );
    const [ssoCode, words] = SSO_PROBLEMS[kind];
    this.ssoCode = ssoCode;
    this.words = `${words} Try again; if it does not help, give your administrator the code ${ssoCode}.`;
  }
}
