import {
  type DnsAnswer,
  type EveryAddress,
  isUsableTlsa,
  type MxProbe,
  type MxProbeFailure,
  matchesTlsa,
  type TlsaRecord,
} from "@waxseal/probes";
import type { MxFault, SeenMxHost } from "./seen-mx-host.ts";

/** What a failed probe proves. Anything else is unknown: the fault may be ours, or pass. */
const FAULTS: Partial<Record<MxProbeFailure, MxFault>> = {
  "starttls-not-offered": "no-starttls",
  "tls-version-too-old": "tls-too-old",
};

const UNKNOWN: Partial<Record<MxProbeFailure, string>> = {
  "no-domain": "its name does not exist in DNS",
  "no-address": "its name has no address in DNS",
  "dns-failed": "DNS did not answer",
  "address-refused": "its address is not a public one",
  timeout: "it did not answer in time",
  "connection-failed": "it did not accept a connection",
  "smtp-refused": "it refused our test connection",
};

const BUSY = "too many of our tests ran at once, try again in a minute";

/** A probe of the first address, with what the others say when they were asked too. */
export type ProbedMx = MxProbe & { readonly every?: EveryAddress };

/**
 * Reads a probe of an MX host as a sender that enforces would: a certificate that is not valid yet counts as not trusted.
 *
 * A sender uses whichever address it likes, but tries the next one when a connection fails: an address that fails beside good ones
 * is counted in `addressesGood` and does not alone make the host bad.
 *
 * `tlsa` is what DNS answered for the TLSA records of its port 25.
 *
 * RFC 8461 §4.2, RFC 7672 §3.1
 */
export function readMxProbe(mxHost: string, probe: ProbedMx, tlsa?: DnsAnswer<TlsaRecord>): SeenMxHost {
  const checks = probe.every?.addresses ?? [];
  const isFine = "found" in probe && !probe.found.fault;
  const counts =
    checks.length > 0
      ? { addressesGood: checks.filter(({ state }) => state === "fine").length, addressesAll: checks.length }
      : { addressesGood: isFine ? 1 : 0, addressesAll: 1 };
  const all = {
    mxHost,
    dane: readDane(probe, tlsa),
    detail: null,
    certificateNotAfter: null,
    fault: null,
    ...counts,
  } as const;
  if ("missing" in probe) {
    const fault = FAULTS[probe.missing];
    if (fault) return { ...all, state: "bad", fault };
    const detail = probe.isBusy ? BUSY : (UNKNOWN[probe.missing] ?? "the TLS handshake failed");
    return { ...all, state: "unknown", detail };
  }
  const { certificate, fault } = probe.found;
  const certificateNotAfter = certificate?.notAfter ?? null;
  return fault
    ? { ...all, state: "bad", fault: readFault(fault.fault), certificateNotAfter }
    : { ...all, state: "good", certificateNotAfter };
}

/** Only signed records that SMTP clients can use count; a look-up that failed proves neither. RFC 7672 §2.1, §3.1 */
function readDane(probe: ProbedMx, tlsa: DnsAnswer<TlsaRecord> | undefined): SeenMxHost["dane"] {
  if (!tlsa) return "none";
  if ("missing" in tlsa) {
    return tlsa.missing === "no-domain" || tlsa.missing === "no-record" ? "none" : "unknown";
  }
  const usable = tlsa.isAuthenticated ? tlsa.found.filter(isUsableTlsa) : [];
  if (usable.length === 0) return "none";
  const chain = "found" in probe ? probe.found.certificate?.derChain : undefined;
  if (!chain) return "unknown";
  return usable.some((record) => matchesTlsa(record, chain)) ? "match" : "mismatch";
}

function readFault(fault: string): MxFault {
  switch (fault) {
    case "certificate-expired":
    case "certificate-host-mismatch":
      return fault;
    default:
      return "certificate-not-trusted";
  }
}
