import type { ReportMessage } from "@waxseal/db";
import type { Context } from "../../context.ts";
import { loadDomainDirectory } from "./load-domain-directory.ts";
import { parseMessage } from "./understand-message.ts";

/** Whether a message holds figures about a domain that another account has and this one does not. */
export async function holdsForeignDomain(ctx: Context, message: ReportMessage): Promise<boolean> {
  const parsed = await parseMessage(
    { ...message, raw: Buffer.from(message.raw), home: null },
    // Whom to believe does not matter here.
    { lookUpKey: async () => [] },
  );
  const directory = await loadDomainDirectory(ctx.db, [parsed]);
  return parsed.parsed.some(({ report }) =>
    report.policies.some(
      ({ policyDomain }) =>
        policyDomain !== null &&
        directory.isHostedElsewhere(ctx.accountId, policyDomain) &&
        !directory.findOwnDomain(ctx.accountId, policyDomain),
    ),
  );
}
