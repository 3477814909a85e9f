import { inSqlTransaction } from "@waxseal/db";
import type { SqlTransaction } from "@waxseal/db/sql";
import type { ContextSource } from "../../context.ts";

type Learned = { account_id: string; domain: string };
type Span = { account_id: string; first: string; last: string };

const MIN_DAYS = 7;
const MIN_ACCOUNTS = 3;
/** Of one run. */
const MAX_LEARNED = 100;
/** A signer that never became known and was not seen for so long is forgotten. */
const FORGET_DAYS = 30;

/**
 * Makes claims known: names that a domain signs for, though neither is on the kept list nor is the name a domain.
 *
 * A claim is known in an account
 * - where its reports arrived on 7 different days, or
 * - where one arrived, and three established accounts have had it for 7 days. Established: reports of a kept reporter arrived there on
 *   7 days. So somebody with three accounts of their own is no faster than by writing to the account itself for a week, and needs
 *   three domains that Google or Microsoft send mail to.
 *
 * The first domain that is known for a name in an account keeps it there; reports of others stay `signed`: counted, and shown apart.
 * Earlier reports of the claim become `aligned` by the recount of their days. Safe to run twice. RFC 8460 §7
 */
export async function learnReporters({ db, now }: ContextSource): Promise<number> {
  const at = now();
  return inSqlTransaction(
    db,
    async (sql) => {
      await sql.$executeRaw`
      delete from reporter_signer where known_at is null and not is_listed and last_day < ${at}::timestamptz::date - ${FORGET_DAYS}::int`;
      const learned = await sql.$queryRaw<Learned[]>`
      with wide as materialized (
        select name_key, domain from reporter_signer s
        where not is_listed and first_day <= ${at}::timestamptz::date - ${MIN_DAYS}::int and exists (
          select from reporter_signer l where l.account_id = s.account_id and l.is_listed and l.days >= ${MIN_DAYS})
        group by 1, 2 having count(*) >= ${MIN_ACCOUNTS}
      ), ready as (
        select distinct on (account_id, name_key) account_id, name_key, domain from reporter_signer s
        where known_at is null and not is_listed
          and (days >= ${MIN_DAYS} or exists (select from wide where wide.name_key = s.name_key and wide.domain = s.domain))
          and not exists (select from reporter_signer k where k.account_id = s.account_id and k.name_key = s.name_key and k.known_at is not null)
        order by account_id, name_key, first_day, days desc, domain
        limit ${MAX_LEARNED}
      )
      update reporter_signer s set known_at = ${at}::timestamptz from ready
      where s.account_id = ready.account_id and s.name_key = ready.name_key and s.domain = ready.domain
      returning s.account_id, s.domain`;
      return recountSignedBy(sql, learned);
    },
    { timeoutMs: 60_000 },
  );
}

/** Has the days recomputed on which these domains signed reports. Returns how many accounts have such days. */
async function recountSignedBy(sql: SqlTransaction, learned: readonly Learned[]): Promise<number> {
  if (learned.length === 0) return 0;
  const spans = await sql.$queryRaw<Span[]>`
    select account_id, min(report_day)::text as first, max(report_day)::text as last
    from unnest(${learned.map((row) => row.account_id)}::text[], ${learned.map(({ domain }) => domain)}::text[]) as learned(account_id, domain)
    join tls_report t using (account_id)
    where t.trust = 'signed' and (t.submitter = learned.domain or right(t.submitter, length(learned.domain) + 1) = '.' || learned.domain)
    group by 1`;
  return sql.$executeRaw`
    insert into report_recount as c (account_id, next_day, last_day)
    select account_id, first::date, last::date
    from unnest(${spans.map((span) => span.account_id)}::text[], ${spans.map(({ first }) => first)}::text[],
      ${spans.map(({ last }) => last)}::text[]) as span(account_id, first, last)
    on conflict (account_id) do update
    set next_day = least(c.next_day, excluded.next_day), last_day = greatest(c.last_day, excluded.last_day)`;
}
