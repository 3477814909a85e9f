import { inSqlTransaction, reportsOf, sqlDatabase } from "@waxseal/db";
import { textArray } from "@waxseal/db/arrays";
import type { SqlDatabase, SqlTransaction } from "@waxseal/db/sql";
import type { ContextSource } from "../../context.ts";

type Ready = { account_id: string; name_key: string; domain: string };
type Span = { account_id: string; first: string; last: string };

const MIN_DAYS = 7;
const MIN_ACCOUNTS = 3;
/** Most claims that one run learns. */
const MAX_LEARNED = 100;
/** A signer that never became known and was not seen for so long is forgotten. */
const FORGET_DAYS = 30;

/**
 * Makes claims known: names that a domain signs for, though neither is on the kept list nor is the name a domain.
 *
 * A claim is known in an account
 * - where its reports arrived on 7 different days, or
 * - where one arrived, and three established accounts have had it for 7 days. Established: reports of a kept reporter arrived there on
 *   7 days. So an attacker with three accounts of their own is no faster than by writing to the account itself for a week, and needs
 *   three domains that Google or Microsoft send mail to.
 *
 * The first domain that is known for a name in an account keeps it there; reports of others stay `signed`: counted, and shown apart.
 * Earlier reports of the claim become `aligned` by the recount of their days, which is asked for with it. Safe to run twice. RFC 8460 §7
 */
export async function learnReporters({ db, now }: ContextSource): Promise<number> {
  const at = now();
  const state = sqlDatabase(db);
  await state.$executeRaw`
    delete from reporter_signer where known_at is null and not is_listed and last_day < ${at}::timestamptz::date - ${FORGET_DAYS}::int`;
  const ready = await findReady(state, at);
  if (ready.length === 0) return 0;
  const spans = await findSpans(sqlDatabase(reportsOf(db)), ready, at);
  return inSqlTransaction(
    db,
    async (sql) => {
      await makeKnown(sql, ready, at);
      return recountDays(sql, spans);
    },
    { timeoutMs: 60_000 },
  );
}

function findReady(state: SqlDatabase, at: Date): Promise<Ready[]> {
  return state.$queryRaw<Ready[]>`
      with wide as materialized (
        select name_key, domain from reporter_signer s
        where not is_listed and first_day <= ${at}::timestamptz::date - ${MIN_DAYS}::int and exists (
          select from reporter_signer l where l.account_id = s.account_id and l.is_listed and l.days >= ${MIN_DAYS})
        group by 1, 2 having count(*) >= ${MIN_ACCOUNTS}
      )
        select distinct on (account_id, name_key) account_id, name_key, domain from reporter_signer s
        where known_at is null and not is_listed
          and (days >= ${MIN_DAYS} or exists (select from wide where wide.name_key = s.name_key and wide.domain = s.domain))
          and not exists (select from reporter_signer k where k.account_id = s.account_id and k.name_key = s.name_key and k.known_at is not null)
        order by account_id, name_key, first_day, days desc, domain
        limit ${MAX_LEARNED}`;
}

/** The days on which these domains signed reports, up to today: reports may be arriving just now. */
function findSpans(reports: SqlDatabase, ready: readonly Ready[], at: Date): Promise<Span[]> {
  return reports.$queryRaw<Span[]>`
    select account_id, min(report_day)::text as first, greatest(max(report_day), ${at}::timestamptz::date)::text as last
    from unnest(${textArray(ready.map((row) => row.account_id))}::text[], ${textArray(ready.map(({ domain }) => domain))}::text[])
      as ready(account_id, domain)
    join tls_report t using (account_id)
    where t.trust = 'signed' and (t.submitter = ready.domain or right(t.submitter, length(ready.domain) + 1) = '.' || ready.domain)
    group by 1`;
}

async function makeKnown(sql: SqlTransaction, ready: readonly Ready[], at: Date): Promise<void> {
  const texts = (pick: (row: Ready) => string) => textArray(ready.map(pick));
  await sql.$executeRaw`
    update reporter_signer s set known_at = ${at}::timestamptz
    from unnest(${texts((row) => row.account_id)}::text[], ${texts((row) => row.name_key)}::text[], ${texts(({ domain }) => domain)}::text[])
      as ready(account_id, name_key, domain)
    where s.account_id = ready.account_id and s.name_key = ready.name_key and s.domain = ready.domain and s.known_at is null
      and not exists (select from reporter_signer k where k.account_id = s.account_id and k.name_key = s.name_key and k.known_at is not null)`;
}

/** Has these days recomputed. Returns how many accounts have such days. */
async function recountDays(sql: SqlTransaction, spans: readonly Span[]): Promise<number> {
  return sql.$executeRaw`
    insert into report_recount as c (account_id, next_day, last_day)
    select account_id, first::date, last::date
    from unnest(${spans.map((span) => span.account_id)}::text[], ${spans.map(({ first }) => first)}::text[],
      ${spans.map(({ last }) => last)}::text[]) as span(account_id, first, last)
    on conflict (account_id) do update
    set next_day = least(c.next_day, excluded.next_day), last_day = greatest(c.last_day, excluded.last_day)`;
}
