import type { DecodedPacket } from "dns-packet";

/** The option code of Extended DNS Errors. RFC 8914 §2 */
const EXTENDED_ERROR = 15;

/** What the info codes that mean a DNSSEC failure say. RFC 8914 §4 */
const DNSSEC_ERRORS: Record<number, string> = {
  1: "it uses an algorithm that resolvers do not support",
  2: "it uses a DS digest that resolvers do not support",
  5: "its state cannot be determined",
  6: "the signatures do not validate",
  7: "a signature has expired",
  8: "a signature is not valid yet",
  9: "the DNSKEY that the DS record names is missing",
  10: "signatures are missing",
  11: "no key of the zone may sign",
  12: "the proof that a record does not exist is missing",
};

/**
 * Why a SERVFAIL is a DNSSEC failure, as a clause; undefined when nothing says so. `unchecked` is the answer to the same question without
 * validation: data there means that only validation failed.
 *
 * RFC 4035 §3.2.2, RFC 8914 §4
 */
export function explainBogusDnssec(
  reply: DecodedPacket,
  unchecked: { rcode: number } | undefined,
): string | undefined {
  const codes = readExtendedErrors(reply);
  const known = codes.map((code) => DNSSEC_ERRORS[code]).find((text) => text !== undefined);
  if (known) return known;
  return unchecked && (unchecked.rcode === 0 || unchecked.rcode === 3)
    ? "the signatures do not validate"
    : undefined;
}

const BROKEN = "The DNSSEC of ";

/** The detail of an answer that validation stopped, without a full stop. */
export function describeBrokenDnssec(name: string, why: string): string {
  return `${BROKEN}${name} is broken: ${why}`;
}

/** Whether the detail of an answer, as it is stored, says that DNSSEC validation stopped it. */
export function isBrokenDnssec(detail: string | null): boolean {
  return detail?.startsWith(BROKEN) ?? false;
}

function readExtendedErrors({ additionals = [] }: DecodedPacket): number[] {
  const options = additionals.flatMap((record) => (record.type === "OPT" ? record.options : []));
  return options.flatMap((option) => {
    const { code, data } = option as { code?: unknown; data?: unknown };
    const isError =
      (code === EXTENDED_ERROR || code === "OPTION_15") && Buffer.isBuffer(data) && data.length >= 2;
    return isError ? [data.readUInt16BE(0)] : [];
  });
}
