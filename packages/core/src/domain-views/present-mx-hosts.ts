import type { MxHostView } from "@waxseal/contract";
import type { Domain, PolicyVersion } from "@waxseal/db";
import { allowsMxHost, explainMxHostProblem } from "@waxseal/mta-sts";
import type { z } from "zod";
import { findMailProvider } from "../domains/find-mail-provider.ts";
import { readMxHosts } from "../domains/read-mx-hosts.ts";

/** The MX hosts of a domain, whether its policy allows each, and who runs them. RFC 8461 §4.1 */
export function presentMxHosts(
  domain: Domain,
  policy: Pick<PolicyVersion, "mx"> | undefined,
): { items: z.infer<typeof MxHostView>[]; checkedAt: string | null } {
  return {
    items: readMxHosts(domain).map(({ mxHost, preference }) => ({
      mxHost,
      preference,
      covered: policy !== undefined && allowsMxHost(policy.mx, mxHost),
      problem: describeProblem(mxHost),
      provider: findMailProvider(mxHost)?.name ?? null,
    })),
    checkedAt: domain.mxCheckedAt?.toISOString() ?? null,
  };
}

function describeProblem(mxHost: string): string | null {
  const explained = explainMxHostProblem(mxHost);
  return explained ? `${explained.problem} ${explained.fix}` : null;
}
