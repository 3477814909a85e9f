import type { Domain, PolicyAssessment, Transaction } from "@waxseal/db";
import { readMxHosts, sortedHosts } from "../domains/read-mx-hosts.ts";
import { readReasons } from "./assess-policy-change.ts";

/** Whether the MX hosts of a domain are still those that were assessed. A null MX is none. */
export function hasAssessedHosts(domain: Domain, { mxHosts }: Pick<PolicyAssessment, "mxHosts">): boolean {
  const assessed = mxHosts.filter((host) => host !== ".");
  return sortedHosts(readMxHosts(domain)).join(" ") === assessed.join(" ");
}

/** An MX host that a test found broken after the assessment, which knew nothing of it; undefined when there is none. */
export async function findBrokenSince(
  db: Pick<Transaction, "mxHostProbe">,
  { mxHosts, reasons, lookedAt }: PolicyAssessment,
): Promise<string | undefined> {
  const named = readReasons(reasons).flatMap(({ level, mxHost }) =>
    level === "stop" && mxHost ? [mxHost] : [],
  );
  const where = { address: "", state: "bad", probedAt: { gt: lookedAt } } as const;
  const broken = await db.mxHostProbe.findFirst({
    where: { ...where, mxHost: { in: mxHosts, notIn: named } },
    orderBy: { mxHost: "asc" },
  });
  return broken?.mxHost;
}
