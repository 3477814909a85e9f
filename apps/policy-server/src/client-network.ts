/**
 * The network a client's address belongs to: its /24 (IPv4, also when mapped into IPv6) or /48, as `192.0.2.0/24` or
 * `2001:db8::/48`; `unknown` for anything else. Takes addresses as the operating system writes them.
 */
export function clientNetwork(address: string | undefined): string {
  if (address === undefined) return "unknown";
  const lastDot = address.lastIndexOf(".");
  // ::ffff:192.0.2.1
  if (lastDot > 0) return `${address.slice(address.lastIndexOf(":") + 1, lastDot)}.0/24`;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail === undefined && groups.length !== 8) return "unknown";
  const tailGroups = tail ? tail.split(":") : [];
  while (groups.length + tailGroups.length < 8) groups.push("0");
  const network = [...groups, ...tailGroups].slice(0, 3);
  while (network.at(-1) === "0") network.pop();
  return `${network.join(":")}::/48`;
}
