import { isIPv4 } from "node:net";
import type { CertificateFacts } from "./describe-certificate.ts";
import { type FetchedPolicy, type FetchPolicyOptions, fetchPolicy } from "./fetch-policy.ts";
import { type MxProbe, type ProbeMxHostOptions, probeMxHost } from "./probe-mx-host.ts";

/** One address of a host: fine, failed for the reason in `detail`, or unknown because we have no way there. */
export type AddressCheck = {
  readonly address: string;
  readonly state: "fine" | "failed" | "unknown";
  /** Without a full stop. */
  readonly detail: string;
  /** It serves a policy, but not the one of the first address. */
  readonly servesOtherPolicy?: boolean;
};

/** What all addresses of a host say, and its certificate of the other kind, RSA or ECDSA, when that one is bad. */
export type EveryAddress = {
  /** Empty for a host with one address. */
  readonly addresses: readonly AddressCheck[];
  readonly otherKey: { readonly keyType: "RSA" | "ECDSA"; readonly detail: string } | undefined;
};

type WithEvery = { readonly every: EveryAddress };

const MAX_PER_FAMILY = 4;
const MAX_MS_PER_ADDRESS = 8_000;
const MIN_MS_PER_ADDRESS = 500;

const SIGNATURES = {
  RSA: [256, 384, 512].flatMap((bits) => [`rsa_pss_rsae_sha${bits}`, `rsa_pkcs1_sha${bits}`]).join(":"),
  ECDSA: "ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:ecdsa_secp521r1_sha512",
};

/**
 * Fetches a policy as `fetchPolicy` does, then again from every other address and with the other kind of certificate.
 *
 * A sender uses whichever address it likes, so that one bad address fails some senders only. At most four addresses of each family, all
 * within `timeoutMs`. Never throws.
 *
 * RFC 8461 §3.3
 */
export async function fetchPolicyEverywhere(options: FetchPolicyOptions): Promise<FetchedPolicy & WithEvery> {
  const remainingMs = startClock(options.timeoutMs ?? 15_000);
  const fetched = await fetchPolicy(options);
  const first = "found" in fetched ? fetched.found : fetched;
  const ask = (changes: Partial<FetchPolicyOptions>) =>
    fetchPolicy({ ...options, ...changes, timeoutMs: remainingMs() });
  const judge = (answer: FetchedPolicy): Judged => {
    if ("missing" in answer) return { state: answer.isNoRoute ? "unknown" : "failed", detail: answer.detail };
    const isOther = "found" in fetched && answer.found.body !== fetched.found.body;
    return isOther ? { state: "failed", detail: "It serves another policy", servesOtherPolicy: true } : FINE;
  };
  const every = await askEverywhere<FetchedPolicy>({
    first: { address: first.address, judged: judge(fetched), certificate: first.certificate },
    addresses: first.addresses,
    ask,
    judge,
    isKeyMissing: (answer) => "missing" in answer && !answer.missing.startsWith("certificate-"),
  });
  return { ...fetched, every };
}

/**
 * Probes an MX host as `probeMxHost` does, then every other address and, unless `skipsOtherKey`, the other kind of certificate; bounded as
 * `fetchPolicyEverywhere`. Never throws.
 *
 * RFC 8461 §4.2
 */
export async function probeMxEverywhere({
  skipsOtherKey = false,
  ...options
}: ProbeMxHostOptions & { skipsOtherKey?: boolean }): Promise<MxProbe & WithEvery> {
  const remainingMs = startClock(options.timeoutMs ?? 15_000);
  const probe = await probeMxHost(options);
  const first = "found" in probe ? probe.found : probe;
  const judge = (answer: MxProbe): Judged => {
    if ("missing" in answer) return { state: answer.isNoRoute ? "unknown" : "failed", detail: answer.detail };
    return answer.found.fault ? { state: "failed", detail: answer.found.fault.detail } : FINE;
  };
  const every = await askEverywhere<MxProbe>({
    first: {
      address: first.address,
      judged: judge(probe),
      certificate: "found" in probe ? probe.found.certificate : undefined,
    },
    addresses: first.addresses,
    ask: (changes) => probeMxHost({ ...options, ...changes, timeoutMs: remainingMs() }),
    judge,
    skipsOtherKey,
    isKeyMissing: (answer) => "missing" in answer,
  });
  return { ...probe, every };
}

/** "2 of 3 addresses are fine; 2001:db8::1 does not answer on port 25"; undefined when none failed. Without a full stop. */
export function describeAddresses(checks: readonly AddressCheck[]): string | undefined {
  const failed = checks.filter(({ state }) => state === "failed");
  if (failed.length === 0) return undefined;
  const known = checks.filter(({ state }) => state !== "unknown").length;
  const fine = known - failed.length;
  const details = failed.map(({ address, detail }) =>
    detail.startsWith(address) ? detail : `${address}: ${detail}`,
  );
  return [`${fine} of ${known} addresses ${fine === 1 ? "is" : "are"} fine`, ...details].join("; ");
}

type Judged = Omit<AddressCheck, "address">;
const FINE: Judged = { state: "fine", detail: "" };

type Asked<T> = {
  first: { address: string | undefined; judged: Judged; certificate: CertificateFacts | undefined };
  addresses: readonly string[];
  ask(changes: { onlyAddress: string; sigalgs?: string }): Promise<T>;
  judge(answer: T): Judged;
  /** Whether there simply is no certificate of the other kind. */
  isKeyMissing(answer: T): boolean;
  skipsOtherKey?: boolean;
};

async function askEverywhere<T>({
  first,
  addresses,
  ask,
  judge,
  isKeyMissing,
  skipsOtherKey = false,
}: Asked<T>): Promise<EveryAddress> {
  const chosen = chooseAddresses(addresses);
  const [checks, otherKey] = await Promise.all([
    chosen.length < 2
      ? []
      : Promise.all(
          chosen.map(async (address): Promise<AddressCheck> => {
            const judged =
              address === first.address ? first.judged : judge(await ask({ onlyAddress: address }));
            return { address, ...judged };
          }),
        ),
    askWithOtherKey(),
  ]);
  return { addresses: checks, otherKey };

  async function askWithOtherKey(): Promise<EveryAddress["otherKey"]> {
    const { address, certificate } = first;
    if (skipsOtherKey || address === undefined || !certificate || first.judged.state !== "fine")
      return undefined;
    const keyType = certificate.keyType === "RSA" ? "ECDSA" : "RSA";
    const answer = await ask({ onlyAddress: address, sigalgs: SIGNATURES[keyType] });
    const judged = judge(answer);
    return judged.state === "failed" && !isKeyMissing(answer)
      ? { keyType, detail: judged.detail }
      : undefined;
  }
}

function chooseAddresses(addresses: readonly string[]): string[] {
  const distinct = [...new Set(addresses)];
  const v4 = distinct.filter((address) => isIPv4(address));
  const v6 = distinct.filter((address) => !isIPv4(address));
  return [...v4.slice(0, MAX_PER_FAMILY), ...v6.slice(0, MAX_PER_FAMILY)];
}

function startClock(timeoutMs: number): () => number {
  const endsAt = performance.now() + timeoutMs;
  return () =>
    Math.min(MAX_MS_PER_ADDRESS, Math.max(MIN_MS_PER_ADDRESS, Math.ceil(endsAt - performance.now())));
}
