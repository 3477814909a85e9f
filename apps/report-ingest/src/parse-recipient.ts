/**
 * The token in a report address `<token>@<reportsDomain>`; upper case and a `+suffix` are accepted.
 *
 * `elsewhere`: another domain, so taking the mail would be relaying.
 */
export function parseRecipient(address: string, reportsDomain: string): { token: string } | "elsewhere" {
  const at = address.lastIndexOf("@");
  const domain = address
    .slice(at + 1)
    .toLowerCase()
    .replace(/\.$/, "");
  if (at < 0 || domain !== reportsDomain) return "elsewhere";
  const [token = ""] = address
    .slice(0, at)
    .replace(/^"(.*)"$/, "$1")
    .toLowerCase()
    .split("+");
  return { token };
}
