import type { Database } from "@waxseal/db";
import { ownerName } from "../setup-names.ts";

/** The newest change of the feed that the answer of a domain's policy host depends on; 0 when all were pruned long ago. */
export async function findPolicySeq(db: Database, domain: string): Promise<bigint> {
  const { _max } = await db.servingChange.aggregate({
    where: {
      OR: [
        { kind: "policy", key: domain },
        { kind: "certificate", key: ownerName("policyHost", domain) },
      ],
    },
    _max: { seq: true },
  });
  return _max.seq ?? 0n;
}
