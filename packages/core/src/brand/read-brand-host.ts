import { getDomain } from "tldts";
import { normalizeDomainInput } from "../domains/normalize-domain-input.ts";

/** A host under which an account may show itself, in lower-case A-labels, or why not, in words. */
export type BrandHostInput = { ok: true; host: string } | { ok: false; problem: string };

/** Names of the operator: where the dashboard is, and where mail servers and reports go. */
export type OperatorNames = {
  publicUrl: string;
  hostedZone: string;
  reportsDomain: string;
  reportsHost?: string | undefined;
};

/**
 * Reads the host that an account wants for its pages. Refused are the operator's own names with all above and below them, policy hosts
 * (their certificates are for policies), and a name that cannot have a CNAME.
 *
 * RFC 1034 §3.6.2
 */
export function readBrandHost(text: string, own: OperatorNames): BrandHostInput {
  const typed = text.trim().toLowerCase();
  if (/(?:^|\.|\/)(?:mta-sts|_[\w-]+)\./.test(typed))
    return refuse(
      "This name belongs to the records of a mail domain. Choose another one, e.g. mail.example.com.",
    );
  const read = normalizeDomainInput(text, { hostedZone: own.hostedZone });
  if (!read.ok) return refuse(read.problem);
  const host = read.domain;
  const names = [new URL(own.publicUrl).hostname, own.hostedZone, own.reportsDomain, own.reportsHost ?? ""];
  const isOurs = names.some(
    (name) => name !== "" && (host === name || host.endsWith(`.${name}`) || name.endsWith(`.${host}`)),
  );
  if (isOurs) return refuse("This name belongs to this installation. Choose one of your own domain.");
  if (getDomain(host) === host)
    return refuse(`${host} itself can't have a CNAME. Choose a name below it, e.g. mail.${host}.`);
  return { ok: true, host };
}

function refuse(problem: string): BrandHostInput {
  return { ok: false, problem };
}
