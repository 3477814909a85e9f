import { randomBytes } from "node:crypto";
import type { Misdirection, SetupRecordKind } from "@waxseal/contract";
import type { z } from "zod";

/** Which of the three CNAMEs. */
export type RecordKind = z.infer<typeof SetupRecordKind>;

/** The three, in the order an owner is shown them. */
export const RECORD_KINDS: readonly RecordKind[] = ["policyHost", "stsRecord", "tlsRptRecord"];

const OWNER_PREFIX: Record<RecordKind, string> = {
  policyHost: "mta-sts",
  stsRecord: "_mta-sts",
  tlsRptRecord: "_smtp._tls",
};

const TARGET_LABEL: Record<RecordKind, string> = {
  policyHost: "mta-sts",
  stsRecord: "_mta-sts",
  tlsRptRecord: "_smtp-tls",
};

/** The name at which the owner of a domain publishes a CNAME. RFC 8461 §3.1, §3.3; RFC 8460 §3 */
export function ownerName(kind: RecordKind, domain: string): string {
  return `${OWNER_PREFIX[kind]}.${domain}`;
}

/** What that CNAME must point to. */
export function targetName(kind: RecordKind, token: string, hostedZone: string): string {
  return `${token}.${TARGET_LABEL[kind]}.${hostedZone}`;
}

/** The token and record that a name in the hosted zone belongs to; undefined for any other name. */
export function parseTargetName(
  name: string,
  hostedZone: string,
): { kind: RecordKind; token: string } | undefined {
  for (const kind of RECORD_KINDS) {
    const suffix = `.${TARGET_LABEL[kind]}.${hostedZone}`;
    const token = name.slice(0, -suffix.length);
    if (name.endsWith(suffix) && isToken(token)) return { kind, token };
  }
  return undefined;
}

/**
 * How a CNAME target in the hosted zone differs from the one wanted; undefined when it is that one, or lies elsewhere. Whether another
 * token is in use, and by whom, is not shown.
 */
export function findMisdirection(
  found: string,
  wanted: { kind: RecordKind; token: string; hostedZone: string },
): z.infer<typeof Misdirection> | undefined {
  const { kind, token, hostedZone } = wanted;
  if (found === targetName(kind, token, hostedZone)) return undefined;
  if (found !== hostedZone && !found.endsWith(`.${hostedZone}`)) return undefined;
  const parsed = parseTargetName(found, hostedZone);
  if (!parsed) return "unknownName";
  return parsed.token === token ? "otherRecord" : "otherToken";
}

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** A new random token: 16 lower-case base32 characters, 80 bits. */
export function newToken(): string {
  let bits = BigInt(`0x${randomBytes(10).toString("hex")}`);
  let token = "";
  for (let length = 0; length < 16; length++) {
    token += BASE32[Number(bits & 31n)];
    bits >>= 5n;
  }
  return token;
}

/** Whether a text has the form of a token. */
export function isToken(text: string): boolean {
  return /^[a-z2-7]{16}$/.test(text);
}

/** The MX host of the reports domain: where the ingest is reached, and the name of its certificate. */
export function reportsMxHost(reportsDomain: string): string {
  return `mx.${reportsDomain}`;
}

/** The reports addresses of a token, mail first. RFC 8460 §3 */
export function reportAddresses(
  token: string,
  { reportsDomain, reportsHost }: { reportsDomain: string; reportsHost?: string | undefined },
): string[] {
  return [
    `mailto:${token}@${reportsDomain}`,
    ...(reportsHost ? [`https://${reportsHost}/v1/tlsrpt/${token}`] : []),
  ];
}
