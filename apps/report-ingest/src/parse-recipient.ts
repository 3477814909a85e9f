import { reportsMxHost } from "@waxseal/core";

/** The owner of an address of ours. `mailbox` is the whole address in lower case. */
export type Recipient = { token: string } | { mailbox: string } | "elsewhere";

/**
 * The token in a report address `<token>@<reportsDomain>`, or the operator's mailbox: `postmaster`, also at the MX host or without any
 * domain, and `abuse`. Upper case and a `+suffix` are accepted. `elsewhere`: another domain, so taking the mail would be relaying.
 *
 * RFC 5321 §4.5.1; RFC 2142 §2
 */
export function parseRecipient(address: string, reportsDomain: string): Recipient {
  const at = address.lastIndexOf("@");
  const domain = address
    .slice(at + 1)
    .toLowerCase()
    .replace(/\.$/, "");
  const local = (at < 0 ? address : address.slice(0, at)).replace(/^"(.*)"$/, "$1").toLowerCase();
  const [name = ""] = local.split("+");
  if (at < 0) return name === "postmaster" ? { mailbox: `postmaster@${reportsDomain}` } : "elsewhere";
  const isOperators = name === "postmaster" || name === "abuse";
  if (isOperators && (domain === reportsDomain || domain === reportsMxHost(reportsDomain))) {
    return { mailbox: `${name}@${domain}` };
  }
  return domain === reportsDomain ? { token: name } : "elsewhere";
}
