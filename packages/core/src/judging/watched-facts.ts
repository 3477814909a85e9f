/** A host that was in the MX of a domain. */
export type MxSighted = { mxHost: string; firstSeenAt: Date; lastSeenAt: Date };

/** How regularly a sender reports, by its proven reports of the last four weeks. Days as `YYYY-MM-DD`. */
export type ReporterRhythm = {
  reporter: string;
  days: readonly string[];
  /** How long after a day its reports are here, in 19 of 20 cases. */
  delayMs: number;
  /** Most accounts that it reported to hear nothing either; null where that was not asked. */
  isSilentForAll: boolean | null;
  /** The domain that signs them. */
  signer?: string | null;
};

/** Networks of known senders whose clients did not accept our certificate or got none, of one day and of two. */
export type PolicyRefusals = {
  ofOneDay: readonly string[];
  ofTwoDays: readonly string[];
  reason: string;
  failures: number;
};

/** What notices and rarer conditions go by. Null is unknown. */
export type WatchedFacts = {
  /** The account that claims the DNS name: this one, another one, or none. */
  claim: "own" | "other" | "none";
  /** Every host that a confirmed look saw. */
  mxSeen: readonly MxSighted[];
  /** The MX hosts of the last confirmed look. */
  mxNow: readonly string[];
  /** Until when senders may hold an older policy, and until when one that they enforce. */
  horizonAt: Date | null;
  enforcedUntil: Date | null;
  leftAt: Date | null;
  /** Since when the TLSRPT record is correct. */
  tlsRptSince: Date | null;
  /** Networks that fetched the policy in the last week. */
  fetchingNetworks: number;
  refusals: PolicyRefusals | null;
  /** What reports say; null where they could not be asked. */
  reports: {
    /** Whether any report ever came. */
    hasAny: boolean;
    rhythms: readonly ReporterRhythm[];
    /** Messages of a sender in a week with an unreadable report. */
    rejected: readonly { sender: string; messages: number }[];
    /** Reports of a week under the name of a known sender that it did not sign. */
    forged: readonly { reporter: string; signer: string | null; reports: number }[];
    /** Causes of failures that were seen before, as alerts name them. */
    pastCauses: readonly string[];
    /** Senders whose reports of the last days say that they could not fetch or trust the policy. */
    fetchErrors: readonly string[];
  } | null;
};
