import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { listCaaAccounts } from "../serving/list-caa-accounts.ts";
import { RECORD_KINDS } from "../setup-names.ts";
import { caaValues } from "../zone/caa-values.ts";
import { tokenRecords } from "../zone/token-records.ts";
import type { Publisher } from "./publisher.ts";

/**
 * Brings the DNS answers of all three names of a domain's token to the authority of the hosted zone, as they should be now.
 * Safe to repeat.
 *
 * @throws AppError `not_found`; `unavailable` – not (yet) done: try again later
 */
export async function publishDomainRecords(
  ctx: Context,
  { domainId }: { domainId: string },
  { publisher, settings }: { publisher: Publisher; settings: HostingSettings },
): Promise<void> {
  const { accountId } = ctx;
  const { token, status, publishedVersion } = await getDomain(ctx.db, accountId, domainId);
  const published =
    publishedVersion === null
      ? null
      : await ctx.db.policyVersion.findUnique({
          where: { accountId_domainId_version: { accountId, domainId, version: publishedVersion } },
        });
  const answers = { token, publishedPolicyId: published?.policyId };
  const caa = caaValues(settings.caaIdentities, await listCaaAccounts(ctx.db));
  // Together, so that a publisher that sends in batches needs one.
  await Promise.all(
    RECORD_KINDS.map((kind) => {
      const records = status === "left" ? [] : tokenRecords(kind, answers, settings, caa);
      return publisher.publish({ token, kind, records });
    }),
  );
}
