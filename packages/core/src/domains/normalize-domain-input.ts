import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { isPrivateName } from "@waxseal/mta-sts";
import { parse } from "tldts";

/** A domain in lower-case A-labels without a trailing dot, or why the text is not one we can host. */
export type DomainInput = { ok: true; domain: string } | { ok: false; problem: string };

/** Room for the longest name we ask for, `_smtp._tls.<domain>`, within the 253 of DNS. RFC 1035 §2.3.4 */
const MAX_DOMAIN_LENGTH = 253 - "_smtp._tls.".length;
const MAX_INPUT_LENGTH = 1_000;

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const SETUP_PREFIX = /^(?:mta-sts|_mta-sts|_smtp\._tls)\.(?=[^.]+\.)/;

/**
 * The domain a person means by what they typed or pasted.
 *
 * Understands URLs, mail addresses, U-labels, capitals, blanks and dots at the ends, and the names of the three setup
 * records. Refuses addresses, single labels, public suffixes (those of the private list only as exact matches), and
 * `hostedZone` with everything below it. Never throws.
 */
export function normalizeDomainInput(text: string, options: { hostedZone?: string } = {}): DomainInput {
  if (text.length > MAX_INPUT_LENGTH) return refuse("This is too long for a domain name.");
  const host = findHost(text);
  if (host === "") return refuse("Enter a domain name, such as example.com.");
  if (isIP(host.replace(/^\[|\]$/g, "")) !== 0) return refuse(AN_ADDRESS);
  const odd = /[^\p{L}\p{M}\p{N}.\-_\u3002\uff0e\uff61\u200c\u200d]/u.exec(host);
  if (odd && !/\p{Extended_Pictographic}/u.test(host)) {
    return refuse(`A domain name cannot contain ${describeCharacter(odd[0])}.`);
  }
  const ascii = domainToASCII(host).replace(/^\.+|\.+$/g, "");
  if (ascii === "") return refuse("This is not a domain name.");
  if (isIP(ascii) !== 0) return refuse(AN_ADDRESS);
  const domain = ascii.replace(SETUP_PREFIX, "");
  const problem = findProblem(domain, options.hostedZone);
  return problem === undefined ? { ok: true, domain } : refuse(problem);
}

const AN_ADDRESS = "This is an IP address. Enter the domain behind the @ of your mail addresses.";

/** The part of a URL, mail address or plain text that can be a host name. */
function findHost(text: string): string {
  const tidy = text.trim().replace(/^<|>$/g, "").trim();
  const withoutScheme = tidy.replace(/^(?:[a-z][a-z0-9+.-]*:\/\/|mailto:)/i, "");
  const authority = withoutScheme.split(/[/?#\\]/)[0] ?? "";
  const host = authority.slice(authority.lastIndexOf("@") + 1).replace(/>$/, "");
  return isIP(host) === 0 ? host.replace(/:\d{0,5}$/, "").trim() : host;
}

function findProblem(domain: string, hostedZone: string | undefined): string | undefined {
  const labels = domain.split(".");
  if (labels.length < 2)
    return `"${shorten(domain)}" is a single word. Enter the whole domain, such as example.com.`;
  if (domain.length > MAX_DOMAIN_LENGTH || labels.some((label) => label.length > 63)) {
    return "This is too long for a domain name.";
  }
  if (labels.includes("")) return "There are two dots next to each other.";
  if (domain.includes("_")) return "A domain that receives mail cannot contain an underscore.";
  if (!labels.every((label) => LABEL.test(label))) return "This is not a domain name.";
  if (/^\d+$/.test(labels.at(-1) ?? "")) return AN_ADDRESS;
  if (isPrivateName(domain)) return `${domain} is a name for private networks; senders cannot look it up.`;
  if (hostedZone !== undefined && (domain === hostedZone || domain.endsWith(`.${hostedZone}`))) {
    return `${domain} belongs to this service itself.`;
  }
  const { publicSuffix, isIcann, isPrivate } = parse(domain, { allowPrivateDomains: true });
  if (publicSuffix === domain && (isIcann === true || isPrivate === true)) {
    return `${domain} is a suffix under which others register domains. Enter your own domain.`;
  }
  return undefined;
}

function describeCharacter(character: string): string {
  return /\s/.test(character) ? "a blank" : `"${character}"`;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function refuse(problem: string): DomainInput {
  return { ok: false, problem };
}
