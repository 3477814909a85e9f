import { nameSkeleton } from "./name-skeleton.ts";

/**
 * A large reporter: the registered domains that sign for it, and words that are in each name that it uses or that passes for it.
 * `source`: a public report that shows who signs; without one the domains are only the company's own, and have to be learned.
 */
type KnownReporter = { names: readonly string[]; domains: readonly string[]; source: string | null };

/** Domains are registered ones; their subdomains sign too. */
const KNOWN_REPORTERS: readonly KnownReporter[] = [
  {
    names: ["google", "gmail"],
    domains: ["google.com"],
    source: "github.com/sys4/tlsrpt-reporter/issues/56, github.com/jgosmann/dmarc-metrics-exporter/issues/52",
  },
  {
    names: ["microsoft", "outlook", "hotmail"],
    domains: ["microsoft.com"],
    source: "github.com/domainaware/parsedmarc/issues/561",
  },
  { names: ["comcast", "xfinity"], domains: ["comcast.net", "comcast.com"], source: null },
  { names: ["mimecast"], domains: ["mimecast.com", "mimecastreport.com"], source: null },
  { names: ["yahoo"], domains: ["yahoo.com", "yahooinc.com"], source: null },
  { names: ["fastmail"], domains: ["fastmail.com"], source: null },
];

const LISTED_DOMAINS = new Set(KNOWN_REPORTERS.flatMap(({ domains }) => domains));

/** Whether this registered domain is one that signs for a large reporter. */
export function isListedSigner(domain: string): boolean {
  return LISTED_DOMAINS.has(domain);
}

/** The domains that may sign for a name. `isCertain`: a public report shows that they do. */
export type KnownSigners = { domains: readonly string[]; isCertain: boolean };

const WORDS = KNOWN_REPORTERS.flatMap(({ names, domains, source }) =>
  names.map((name) => ({ word: nameSkeleton(name), domains, isCertain: source !== null })),
);

/**
 * The registered domains that may sign for a name which is, or looks like, that of a large reporter; `undefined` for all other names.
 * RFC 8460 §7
 */
export function findKnownSigners(reporter: string): KnownSigners | undefined {
  const skeleton = nameSkeleton(reporter);
  return WORDS.find(({ word }) => skeleton.includes(word));
}
