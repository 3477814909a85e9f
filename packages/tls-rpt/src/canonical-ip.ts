const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const MAX_IPV6_CHARS = 45;
const COLON = 0x3a;
const ZERO = 0x30;

/**
 * The one way to write an IP address, or `undefined` when the text is none.
 *
 * IPv6 as RFC 5952 §4 asks; IPv4-mapped IPv6 as the IPv4 address it is. Brackets and the `IPv6:` of an
 * address literal are taken off. Zones (`%eth0`), ports and leading zeros in IPv4 are no address.
 */
export function canonicalIp(text: string): string | undefined {
  if (IPV4.test(text)) return text;
  const address = parseIpv6(text);
  if (address) return isCanonical(address) ? text : formatIpv6();
  const bare = text.replace(/^\[(.*)\]$/, "$1").replace(/^ipv6:/i, "");
  if (bare === text) return undefined;
  if (IPV4.test(bare)) return bare;
  const bareAddress = parseIpv6(bare);
  return bareAddress && formatIpv6();
}

/**
 * `gapAt`: the group where `::` is, or -1; `gapLength`: for how many groups. `isPlain`: written with small letters, without
 * leading zeros or IPv4 at the end.
 */
type Ipv6 = { gapAt: number; gapLength: number; isPlain: boolean };

// The eight groups of the address being read. One for all calls, and character by character: nothing else in a report is as frequent.
const groups = new Uint16Array(8);

function parseIpv6(text: string): Ipv6 | undefined {
  if (text.length < 2 || text.length > MAX_IPV6_CHARS) return undefined;
  let count = 0;
  let gapAt = -1;
  let isPlain = true;
  let start = 0;
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return undefined;
    gapAt = 0;
    start = 2;
  }
  while (start < text.length) {
    if (count === 8) return undefined;
    let end = start;
    let value = 0;
    for (; end < text.length; end++) {
      const digit = hexDigit(text.charCodeAt(end));
      if (digit < 0) break;
      value = value * 16 + digit;
    }
    isPlain &&= end - start === 1 || text.charCodeAt(start) !== ZERO;
    if (end < text.length && text.charCodeAt(end) !== COLON) {
      // Only IPv4 at the end holds anything else.
      if (count > 6 || !IPV4.test(text.slice(start))) return undefined;
      const [a = 0, b = 0, c = 0, d = 0] = text.slice(start).split(".").map(Number);
      groups[count++] = a * 256 + b;
      groups[count++] = c * 256 + d;
      isPlain = false;
      break;
    }
    if (end === start || end - start > 4) return undefined;
    groups[count++] = value;
    if (end === text.length) break;
    start = end + 1;
    if (start === text.length) return undefined;
    if (text.charCodeAt(start) === COLON) {
      if (gapAt >= 0) return undefined;
      gapAt = count;
      start++;
    }
  }
  const gapLength = gapAt < 0 ? 0 : 8 - count;
  if (gapAt < 0 ? count !== 8 : gapLength < 1) return undefined;
  if (gapAt >= 0) {
    groups.copyWithin(gapAt + gapLength, gapAt, count);
    groups.fill(0, gapAt, gapAt + gapLength);
  }
  return { gapAt, gapLength, isPlain: isPlain && text === text.toLowerCase() };
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function isCanonical({ gapAt, gapLength, isPlain }: Ipv6): boolean {
  if (!isPlain || isMappedIpv4()) return false;
  const { start, length } = longestZeroRun();
  return length < 2 ? gapLength === 0 : start === gapAt && length === gapLength;
}

function isMappedIpv4(): boolean {
  return groups[5] === 0xffff && groups.subarray(0, 5).every((group) => group === 0);
}

function formatIpv6(): string {
  if (isMappedIpv4()) {
    const [high = 0, low = 0] = groups.slice(6);
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  const { start, length } = longestZeroRun();
  let text = "";
  for (let index = 0; index < 8; index++) {
    if (length >= 2 && index === start) {
      text += "::";
      index += length - 1;
    } else {
      if (text !== "" && !text.endsWith("::")) text += ":";
      text += (groups[index] ?? 0).toString(16);
    }
  }
  return text;
}

/** The first of the longest. */
function longestZeroRun(): { start: number; length: number } {
  let best = 0;
  let bestLength = 0;
  let length = 0;
  for (let index = 0; index < 8; index++) {
    length = groups[index] === 0 ? length + 1 : 0;
    if (length > bestLength) {
      bestLength = length;
      best = index + 1 - length;
    }
  }
  return { start: best, length: bestLength };
}
