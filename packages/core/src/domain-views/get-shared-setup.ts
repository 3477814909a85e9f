import type { SharedSetupView } from "@waxseal/contract";
import type { Database } from "@waxseal/db";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import { findFamilyBrand, presentColors } from "../brand/get-brand.ts";
import { getDomain } from "../domains/get-domain.ts";
import { loadDomainFacts } from "../domains/load-domain-facts.ts";
import type { HostingSettings } from "../hosting-settings.ts";
import { findSharedDomain } from "./find-shared-domain.ts";
import { presentSetupRecords } from "./present-setup-records.ts";

/**
 * What a link shows to its holder: the domain's name, the account's name, and the three CNAMEs as last seen.
 * @throws AppError `not_found` – never made, replaced or withdrawn, which all look the same
 */
export async function getSharedSetup(
  db: Database,
  { shareToken }: { shareToken: string },
  settings: HostingSettings,
): Promise<z.infer<typeof SharedSetupView>> {
  const share = await findSharedDomain(db, shareToken);
  if (!share) throw new AppError("not_found", "There is no such link.");
  const { accountId, domainId } = share;
  const row = await getDomain(db, accountId, domainId);
  const [account, brand, [facts]] = await Promise.all([
    db.organization.findUnique({ where: { id: accountId } }),
    findFamilyBrand(db, accountId),
    loadDomainFacts(db, accountId, [row]),
  ]);
  if (!account || !facts) throw new AppError("not_found", "There is no such link.");
  return {
    domain: row.domain,
    accountName: brand.isOwnName ? account.name : brand.name,
    colors: presentColors(brand),
    dns: { zone: row.dnsZone, nameservers: row.nameservers },
    setup: presentSetupRecords(row, facts.records, settings),
  };
}
