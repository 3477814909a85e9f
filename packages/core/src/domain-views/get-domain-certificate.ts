import type { CertificateView } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";
import { loadDomainFacts } from "../domains/load-domain-facts.ts";
import { presentCertificate } from "./present-certificate.ts";

/**
 * The state of the certificate of a domain's policy host.
 * @throws AppError `not_found` – no such domain in this account, or nothing has been ordered for it
 */
export async function getDomainCertificate(
  ctx: Context,
  input: { domainId: string },
): Promise<z.infer<typeof CertificateView>> {
  const domain = await getDomain(ctx.db, ctx.accountId, input.domainId);
  const [facts] = await loadDomainFacts(ctx.db, ctx.accountId, [domain]);
  if (!facts?.certificateName) throw new AppError("not_found", "There is no certificate yet.");
  return presentCertificate(facts.certificateName, facts.certificate);
}
