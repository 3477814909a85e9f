type Mode = "enforce" | "testing" | "none";

/** What each mode means for mail, in words for a domain owner. RFC 8461 §5 */
export const POLICY_MODE_WORDS = {
  testing: {
    name: "Testing",
    detail: "Mail is always delivered. Senders report what would have failed.",
  },
  enforce: {
    name: "Enforce",
    detail:
      "Senders refuse to deliver to a mail host that is not listed below or has no valid certificate. They retry until it is fixed or they give up.",
  },
  none: {
    name: "None",
    detail:
      "Senders behave as if there were no policy, and drop the one they have cached. Use this only to switch MTA-STS off.",
  },
} satisfies Record<Mode, { name: string; detail: string }>;
