type Mode = "enforce" | "testing" | "none";

/** What each mode means for mail, in words for somebody who owns a domain. RFC 8461 §5 */
export const POLICY_MODE_WORDS = {
  testing: {
    name: "Testing",
    detail: "Mail is delivered whatever happens. Senders report what would have failed. Start here.",
  },
  enforce: {
    name: "Enforce",
    detail:
      "Senders refuse to deliver to a mail host that is not listed below or has no valid certificate. They keep trying until it is mended or they give up.",
  },
  none: {
    name: "None",
    detail: "Senders behave as if there were no policy, and forget the one they remember. The way out.",
  },
} satisfies Record<Mode, { name: string; detail: string }>;
