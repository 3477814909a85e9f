const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/**
 * The one way to write an IP address, or `undefined` when the text is none.
 *
 * IPv6 as RFC 5952 §4 asks; IPv4-mapped IPv6 as the IPv4 address it is. Brackets and the `IPv6:` of an
 * address literal are taken off. Zones (`%eth0`), ports and leading zeros in IPv4 are no address.
 */
export function canonicalIp(text: string): string | undefined {
  if (IPV4.test(text)) return text;
  const bare = text.replace(/^\[(.*)\]$/, "$1").replace(/^ipv6:/i, "");
  if (IPV4.test(bare)) return bare;
  const groups = parseIpv6(bare);
  return groups && formatIpv6(groups);
}

function parseIpv6(text: string): number[] | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(parseGroups);
  if (!head) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  if (!tail || head.length + tail.length > 7) return undefined;
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function parseGroups(half: string, index: number, halves: string[]): number[] | undefined {
  if (half === "") return halves.length === 2 ? [] : undefined;
  const parts = half.split(":");
  const groups: number[] = [];
  for (const [position, part] of parts.entries()) {
    const isLast = index === halves.length - 1 && position === parts.length - 1;
    if (isLast && IPV4.test(part)) {
      const [a = 0, b = 0, c = 0, d = 0] = part.split(".").map(Number);
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

function formatIpv6(groups: number[]): string {
  const [a, b, c, d, e, mark, high = 0, low = 0] = groups;
  if (mark === 0xffff && !(a || b || c || d || e)) {
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  const { start, length } = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

function longestZeroRun(groups: number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
