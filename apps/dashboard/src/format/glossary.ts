/** A term that people must find elsewhere too, in one or two sentences, with the help page that says more. */
type Entry = { name: string; text: string; page: string };

/** Every technical term of the screens. */
export const GLOSSARY = {
  "mta-sts": {
    name: "MTA-STS",
    text: "A policy by which senders deliver to your mail hosts only over a verified, encrypted connection.",
    page: "what-mta-sts-does",
  },
  starttls: {
    name: "STARTTLS",
    text: "How a mail server switches a connection to encryption. Without it, mail is sent unencrypted.",
    page: "what-mta-sts-does",
  },
  mx: {
    name: "MX",
    text: "The DNS record that names the mail hosts of a domain: the servers that receive its mail.",
    page: "changing-mail-provider",
  },
  "max-age": {
    name: "max_age",
    text: "How long senders keep your policy without asking again. Long protects better; short lets you change back sooner.",
    page: "moving-to-enforce",
  },
  mode: {
    name: "Mode",
    text: "How strict senders are: testing always delivers and reports, enforce refuses what is not right, none switches MTA-STS off.",
    page: "what-mta-sts-does",
  },
  horizon: {
    name: "Horizon",
    text: "The last moment at which a sender may still have an older policy cached. Keep old mail hosts running until then.",
    page: "changing-mail-provider",
  },
  "policy-id": {
    name: "Policy id",
    text: "A number in DNS that changes with every new version, so that senders know when to fetch the policy again.",
    page: "three-records",
  },
  cname: {
    name: "CNAME",
    text: "A DNS record that points from one name to another. Yours point to Waxseal, which keeps everything behind them up to date.",
    page: "three-records",
  },
  "tls-rpt": {
    name: "TLS-RPT",
    text: "The daily reports in which senders say how their encrypted deliveries to you went.",
    page: "reading-reports",
  },
  session: {
    name: "Session",
    text: "One connection of a sender to your mail host. It may carry several messages, or none.",
    page: "reading-reports",
  },
  trust: {
    name: "Trust",
    text: "Whether a report was signed by the organisation that it names. Only such reports count for decisions.",
    page: "reading-reports",
  },
  dane: {
    name: "DANE",
    text: "Another way to verify mail hosts, by records in signed DNS. Senders that know both use DANE first.",
    page: "what-mta-sts-does",
  },
  dnssec: {
    name: "DNSSEC",
    text: "Signatures in DNS that prove an answer is genuine. DANE needs them, MTA-STS does not.",
    page: "what-mta-sts-does",
  },
  caa: {
    name: "CAA",
    text: "A DNS record that says which certificate authorities may issue certificates for a name.",
    page: "three-records",
  },
} as const satisfies Record<string, Entry>;

/** One of them. */
export type TermName = keyof typeof GLOSSARY;
