import { parse } from "tldts";
import type { DomainQuestion } from "../app-error.ts";

/** What DNS says of mail to a domain; `unknown` when it does not answer. */
export type MailSign = "mail" | "no-mail" | "no-such-domain" | "unknown";

const HOST_LABEL =
  /^(?:www\d*|mail\d*|webmail|e?mx\d*|smtp\d*|imap\d*|pop3?|mailhost|relay\d*|ns\d*|ftp|autodiscover|autoconfig|owa|exchange)$/;
/** Names are compared for typing mistakes when the longer one has at least this length: too many shorter names are alike. */
const MIN_ALIKE_LENGTH = 9;

/**
 * Why a domain that a person wants to add is probably not the one that receives their mail. `others` are the domains of the account.
 * Empty: nothing is odd. That DNS does not answer says nothing.
 */
export function listDomainQuestions(
  domain: string,
  mail: MailSign,
  others: readonly string[],
): DomainQuestion[] {
  const { domain: registrable, hostname } = parse(domain, { allowPrivateDomains: true });
  const [label = ""] = domain.split(".");
  const rest = domain.slice(label.length + 1);
  const isHost = hostname !== registrable && HOST_LABEL.test(label);
  const alike = others.find((other) => isOneTypoApart(domain, other));
  const questions: (DomainQuestion | false | undefined)[] = [
    mail === "no-such-domain" && {
      code: "no-such-domain",
      text: `${domain} does not exist in DNS. Check the spelling, or whether it is registered.`,
    },
    mail === "no-mail" && {
      code: "no-mail",
      text: `${domain} has neither MX records nor an address, so no mail can be delivered to it.`,
    },
    isHost && {
      code: "host-name",
      text: `${domain} looks like a host, not like the domain behind the @ of mail addresses. That is probably ${rest}.`,
    },
    alike !== undefined && {
      code: "like-another",
      text: `${domain} is one letter away from ${alike}, which you have already.`,
    },
  ];
  return questions.filter((question) => question !== undefined && question !== false);
}

/**
 * Whether one letter too many, too few or wrong, or two that changed places, make one domain of the other. Digits count as meant: mail1 and
 * mail2 are two.
 */
export function isOneTypoApart(a: string, b: string): boolean {
  if (a === b || Math.max(a.length, b.length) < MIN_ALIKE_LENGTH) return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  let end = 0;
  while (end < short.length - start && short.at(-1 - end) === long.at(-1 - end)) end += 1;
  const [one, other] = [short.slice(start, short.length - end), long.slice(start, long.length - end)];
  if (/[\d.]/.test(one + other)) return false;
  if (one.length === 0 || one.length === 1) return other.length === 1;
  return one.length === 2 && other.length === 2 && one[0] === other[1] && one[1] === other[0];
}
