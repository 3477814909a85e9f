import type { Resolver } from "@waxseal/probes";
import { checkDomainMx } from "./check-domain-mx.ts";
import type { MailSign } from "./list-domain-questions.ts";

/** Whether mail can be delivered to a domain, as far as its DNS goes. A null MX is an answer: it takes no mail on purpose (RFC 7505). */
export async function findMailSign(
  resolver: Pick<Resolver, "resolveMx" | "resolveAddresses">,
  domain: string,
): Promise<MailSign> {
  const answer = await resolver.resolveMx(domain);
  if ("missing" in answer && answer.missing === "no-domain") return "no-such-domain";
  const mxHosts = await checkDomainMx(resolver, domain);
  if (!mxHosts) return "unknown";
  return mxHosts.length > 0 ? "mail" : "no-mail";
}
