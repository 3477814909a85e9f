import type { ReportTrust } from "@waxseal/db";
import { textArray } from "@waxseal/db/arrays";
import type { SqlTransaction } from "@waxseal/db/sql";
import { type ReporterClaim, registeredDomain } from "./judge-report-trust.ts";
import { findKnownSigners } from "./known-reporters.ts";

/** A report that was counted. */
export type CountedSigner = {
  accountId: string;
  reporter: string;
  submitter: string | null;
  trust: ReportTrust;
  claim: ReporterClaim | null;
  receivedAt: Date;
};
type Signer = ReporterClaim & { accountId: string; isListed: boolean };
/** That signed reports of a name and a domain arrived at an account on a day (YYYY-MM-DD). */
export type SignerDay = Signer & { day: string };

/** A stranger chooses names and domains: beyond these nothing more is noted. */
const MAX_NAMES_OF_DOMAIN = 5;
const MAX_SIGNERS = 1_000;

/**
 * Lists on which days signed reports of a name and a domain arrived at an account.
 *
 * Only for reports that were counted: a copy of a report, sent again each day, is no new evidence. Days are those of arrival, since a
 * sender chooses what days its reports are about.
 */
export function listSignerDays(reports: readonly CountedSigner[]): SignerDay[] {
  return reports.flatMap((report) => {
    const signer = signerOf(report);
    return signer ? [{ ...signer, day: report.receivedAt.toISOString().slice(0, 10) }] : [];
  });
}

/** Notes such days in the caller's transaction over state. Safe to repeat: a day counts once. */
export async function noteSignerDays(sql: SqlTransaction, signerDays: readonly SignerDay[]): Promise<void> {
  const byDay = new Map<string, Map<string, Signer>>();
  for (const { day, ...signer } of signerDays) {
    const signers = byDay.get(day) ?? new Map<string, Signer>();
    byDay.set(day, signers.set(`${signer.accountId}\n${signer.nameKey}\n${signer.domain}`, signer));
  }
  for (const [day, signers] of [...byDay].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await noteDay(
      sql,
      day,
      [...signers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, signer]) => signer),
    );
  }
}

function signerOf({ accountId, reporter, submitter, trust, claim }: CountedSigner): Signer | undefined {
  if (claim) return { ...claim, accountId, isListed: false };
  if (trust !== "aligned" || submitter === null || !findKnownSigners(reporter)) return undefined;
  return { accountId, nameKey: "", domain: registeredDomain(submitter), isListed: true };
}

async function noteDay(sql: SqlTransaction, day: string, signers: readonly Signer[]): Promise<void> {
  const texts = (pick: (signer: Signer) => string) => textArray(signers.map(pick));
  await sql.$executeRaw`
    with seen as (
      select account_id, name_key, domain, r.is_listed::boolean, s.last_day,
        row_number() over (partition by account_id, s.last_day is null order by domain, name_key) as of_account,
        row_number() over (partition by account_id, domain, s.last_day is null order by name_key) as of_domain
      from unnest(${texts(({ accountId }) => accountId)}::text[], ${texts(({ nameKey }) => nameKey)}::text[],
        ${texts(({ domain }) => domain)}::text[], ${texts(({ isListed }) => String(isListed))}::text[])
        as r(account_id, name_key, domain, is_listed)
      left join reporter_signer s using (account_id, name_key, domain)
    )
    insert into reporter_signer as t (account_id, name_key, domain, is_listed, days, first_day, last_day)
    select account_id, name_key, domain, is_listed, 1, ${day}::date, ${day}::date from seen
    where case when last_day is null
      then of_account + (select count(*) from reporter_signer o where o.account_id = seen.account_id) <= ${MAX_SIGNERS}
        and of_domain + (select count(*) from reporter_signer o where o.account_id = seen.account_id and o.domain = seen.domain)
          <= ${MAX_NAMES_OF_DOMAIN}
      else last_day < ${day}::date end
    order by account_id, name_key, domain
    on conflict (account_id, name_key, domain) do update set days = t.days + 1, last_day = excluded.last_day
    where t.last_day < excluded.last_day`;
}
