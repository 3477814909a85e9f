import { allowsMxHost } from "@waxseal/mta-sts";
import { findMailProvider } from "./find-mail-provider.ts";

const MICROSOFT =
  "Microsoft 365 gives every domain a host of its own here, and only Microsoft can have hosts here: the wildcard is safe, and stays right when the host is renamed.";

/** Why these patterns of large providers are as they are. */
const KNOWN: Record<string, string> = {
  "*.mail.protection.outlook.com": MICROSOFT,
  "*.aspmx.l.google.com":
    "Covers alt1 to alt4 of Google Workspace. Only Google can have hosts here, so the wildcard is safe.",
  "aspmx.l.google.com":
    "Google's first host. The wildcard does not cover it, because * matches exactly one label.",
  "smtp.google.com":
    "By name: everything else below google.com is not a mail host of yours, so a wildcard would allow too much.",
};

/**
 * Why a pattern of a policy is a wildcard or not, in words for the owner.
 *
 * RFC 8461 §4.1
 */
export function explainMxPattern(pattern: string, domain: string, mxHosts: readonly string[]): string {
  const known = Object.hasOwn(KNOWN, pattern) ? KNOWN[pattern] : undefined;
  if (known) return known;
  if (pattern.endsWith(".mx.microsoft")) return MICROSOFT;
  const covered = mxHosts.filter((mxHost) => allowsMxHost([pattern], mxHost));
  if (covered.length === 0) return "Allowed, though no MX host needs it now.";
  const provider = findMailProvider(covered[0] ?? "")?.name;
  const parent = pattern.slice(pattern.indexOf(".") + 1);
  if (pattern.startsWith("*.")) return `Allows every host one label below ${parent}, not only yours.`;
  if (provider)
    return `By name: a wildcard below ${parent} would allow the hosts of ${provider}'s other customers too.`;
  if (pattern === domain) return "The domain itself takes its mail, as it has no MX record.";
  return "By name, so that no other host is allowed. A wildcard is only worth it where hosts come and go.";
}
