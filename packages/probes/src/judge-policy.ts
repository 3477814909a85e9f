import { checkPolicy, type LenientPolicy, type Policy, readPolicyLeniently } from "@waxseal/mta-sts";
import { describeAddresses, type EveryAddress } from "./check-every-address.ts";
import { type CHECKS, type CheckFinding, findingOf } from "./check-finding.ts";
import type { CertificateFacts } from "./describe-certificate.ts";
import type { HttpHeaders } from "./exchange-over-http.ts";
import type { FetchedPolicy, FetchPolicyFailure } from "./fetch-policy.ts";
import { POLICY_LINE_FIXES } from "./policy-line-fixes.ts";

/** What the policy host serves, as far as it could be fetched and read. */
export type CheckedPolicy = {
  /** The file as served, `undefined` when it could not be fetched. */
  readonly body: string | undefined;
  /** What can be read of it, wrong or not. */
  readonly read: LenientPolicy | undefined;
  /** The policy, if a strict sender has one. */
  readonly policy: Policy | undefined;
  readonly certificate: CertificateFacts | undefined;
  readonly tlsVersion: string | undefined;
  readonly contentType: string | undefined;
  /** All response headers, at most 16 KiB. */
  readonly headers: HttpHeaders;
  readonly addresses: readonly string[];
  readonly durationMs: number;
};

const SLOW_MS = 4000;
const EXPIRES_SOON_DAYS = 7;
const DAY_MS = 86_400_000;

const FETCH_CODES = {
  "no-domain": "policy-host-missing",
  "no-address": "policy-host-missing",
  "dns-failed": "policy-dns-failed",
  "address-refused": "policy-address-refused",
  "connection-failed": "policy-unreachable",
  timeout: "policy-timeout",
  "tls-failed": "policy-tls-failed",
  "tls-version-too-old": "policy-tls-too-old",
  "certificate-expired": "certificate-expired",
  "certificate-not-yet-valid": "certificate-not-yet-valid",
  "certificate-host-mismatch": "certificate-host-mismatch",
  "certificate-not-trusted": "certificate-not-trusted",
  "http-redirect": "policy-redirect",
  "http-status": "policy-status",
  "http-failed": "policy-http-failed",
  "too-large": "policy-too-large",
} as const satisfies Record<FetchPolicyFailure, keyof typeof CHECKS>;

/** Judges what fetching a policy gave: the way there, the certificate, the headers, and every line. RFC 8461 §3.2, §3.3 */
export function judgePolicy(
  fetched: FetchedPolicy,
  now: Date,
  every: EveryAddress = { addresses: [], otherKey: undefined },
): { policy: CheckedPolicy; findings: CheckFinding[] } {
  const { policy, findings } = judgeFetched(fetched, now);
  const differences = describeAddresses(every.addresses);
  if (differences) findings.push(findingOf("policy-addresses-differ", `${differences}.`));
  const { otherKey } = every;
  if (otherKey) {
    const message = `The ${otherKey.keyType} certificate is bad. ${otherKey.detail}.`;
    findings.push(findingOf("policy-other-certificate-bad", message));
  }
  return { policy, findings };
}

function judgeFetched(
  fetched: FetchedPolicy,
  now: Date,
): { policy: CheckedPolicy; findings: CheckFinding[] } {
  if ("missing" in fetched) {
    const { missing, detail, certificate, addresses, durationMs } = fetched;
    const findings = [findingOf(FETCH_CODES[missing], `${detail}.`)];
    const nothing = {
      headers: {},
      body: undefined,
      read: undefined,
      policy: undefined,
      tlsVersion: undefined,
      contentType: undefined,
    };
    return { policy: { ...nothing, certificate, addresses, durationMs }, findings };
  }
  const { body, certificate, tlsVersion, contentType, headers, addresses, durationMs } = fetched.found;
  const { read, policy, findings } = isCompressed(body, headers) ? COMPRESSED() : judgeBody(body);
  return {
    policy: { body, read, policy, certificate, tlsVersion, contentType, headers, addresses, durationMs },
    findings: [
      findingOf("policy-fetched", `Fetched in ${durationMs} ms over ${tlsVersion}.`),
      ...(durationMs > SLOW_MS ? [findingOf("policy-slow", `It took ${durationMs} ms.`)] : []),
      judgeExpiry(certificate, now),
      ...judgeContentType(contentType),
      ...findings,
    ],
  };
}

// Decoded as UTF-8, the two magic bytes of gzip are U+001F and a replacement character.
function isCompressed(body: string, headers: HttpHeaders): boolean {
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  const isReadable = body.startsWith("version");
  return body.startsWith("\u001f\ufffd") || (!["", "identity"].includes(encoding) && !isReadable);
}

const COMPRESSED = (): ReturnType<typeof judgeBody> => ({
  read: { mx: [] },
  policy: undefined,
  findings: [findingOf("policy-compressed", "The policy comes compressed, though we did not ask for that.")],
});

function judgeExpiry({ notAfter, issuer }: CertificateFacts, now: Date): CheckFinding {
  const daysLeft = Math.floor((notAfter.getTime() - now.getTime()) / DAY_MS);
  const code = daysLeft < EXPIRES_SOON_DAYS ? "certificate-expires-soon" : "certificate-ok";
  return findingOf(code, `Valid for ${daysLeft} more days, from ${issuer}.`);
}

function judgeContentType(contentType: string | undefined): CheckFinding[] {
  if (contentType === undefined)
    return [findingOf("content-type-missing", "There is no Content-Type header.")];
  const shown = contentType.slice(0, 100);
  const [mediaType = "", ...parameters] = contentType
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  if (mediaType !== "text/plain") return [findingOf("content-type-wrong", `The Content-Type is ${shown}.`)];
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  const isKnown = charset === undefined || /^charset="?(?:utf-8|us-ascii)"?$/.test(charset);
  return isKnown ? [] : [findingOf("content-type-charset", `The Content-Type is ${shown}.`)];
}

function judgeBody(body: string): {
  read: LenientPolicy;
  policy: Policy | undefined;
  findings: CheckFinding[];
} {
  const { policy: read, findings: lines } = readPolicyLeniently(body);
  const findings = lines.map(
    ({ code, severity, line, message }): CheckFinding => ({
      code: `policy-line-${code}`,
      area: "policy",
      severity,
      rfc: "RFC 8461 §3.2",
      message: `Line ${line}: ${message}`,
      fix: POLICY_LINE_FIXES[code],
    }),
  );
  const { mode, mx, maxAgeSeconds } = read;
  const isStrict = lines.every(({ severity }) => severity !== "error");
  if (!isStrict || mode === undefined || maxAgeSeconds === undefined)
    return { read, policy: undefined, findings };
  const policy = { mode, mx, maxAgeSeconds };
  findings.push(findingOf(`mode-${mode}`, `The mode is ${mode}, for ${describeAge(maxAgeSeconds)}.`));
  return { read, policy, findings: [...findings, ...adviseOn(policy)] };
}

// What the editor would say about this policy, without what the lines above have said already.
function adviseOn(policy: Policy): CheckFinding[] {
  return checkPolicy(policy).flatMap(({ field, index, problem }) => {
    const pattern = index === undefined ? undefined : policy.mx[index];
    const isSaid = field === "mx" ? policy.mx.length === 0 : policy.maxAgeSeconds < DAY_MS / 1000;
    if (isSaid) return [];
    if (pattern === undefined) return [findingOf("policy-advice", problem)];
    const code = pattern.startsWith("*.") ? "policy-wildcard" : "policy-advice";
    return [findingOf(code, `mx ${pattern}: ${problem}`)];
  });
}

function describeAge(seconds: number): string {
  return seconds >= 172_800 ? `${Math.floor(seconds / 86_400)} days` : `${seconds} seconds`;
}
