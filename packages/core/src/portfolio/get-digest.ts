import { ATTENTION_STATES, type DigestPeriod, type DigestView, HealthState } from "@waxseal/contract";
import { describeFailingDomains } from "@waxseal/contract/health-words";
import { Prisma } from "@waxseal/db";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { z } from "zod";
import type { Context } from "../context.ts";
import type { ReportRange } from "../day-range.ts";
import { findMailProvider } from "../domains/find-mail-provider.ts";
import { unlessAway } from "../reports/totals/unless-away.ts";
import { matchesSource } from "../reports/trust/report-source.ts";
import { safeCount } from "../safe-count.ts";
import { digestRange } from "./digest-period.ts";
import { countByHealth, countRefusing, findAttention } from "./get-home.ts";
import { listChanges } from "./list-changes.ts";

type View = z.infer<typeof DigestView>;

const MAX_LINES = 6;
const EXPIRING_MS = 30 * DAY_MS;
/** Providers renew their own certificates, most of them in their last month. */
const PROVIDER_MS = 7 * DAY_MS;

/**
 * One screen about a period: the verdict, three figures, what changed, what needs a person, and what expires within 30 days. Mail and page
 * show the same.
 */
export async function getDigest(ctx: Context, { period }: { period: DigestPeriod }): Promise<View> {
  const { db, accountId } = ctx;
  const range = digestRange(period, ctx.now());
  const customers = await db.organization.findMany({ where: { parentId: accountId }, select: { id: true } });
  const accounts = [accountId, ...customers.map(({ id }) => id)];
  const [byHealth, figures, items, changes, expiring] = await Promise.all([
    countByHealth(ctx, accounts),
    unlessAway(sumFigures(ctx, accounts, range)),
    findAttention(ctx),
    listChanges(ctx, { accounts, range }),
    listExpiring(ctx, accounts),
  ]);
  const count = (states: readonly HealthState[]) =>
    states.reduce((sum, state) => sum + (byHealth[state] ?? 0), 0);
  const total = count(ATTENTION_STATES);
  const verdict = await describe(ctx, accounts, byHealth);
  return {
    ...{ period, ...range, verdict, figures, changes, expiring },
    isQuiet: total + changes.length + expiring.length === 0 && byHealth.working + byHealth.waiting === 0,
    domains: count(HealthState.options.filter((state) => state !== "off")),
    needs: {
      total,
      items: items.slice(0, MAX_LINES).map(({ health, action, ...ref }) => ({
        ...ref,
        text: health.reason ?? `${action}.`,
      })),
    },
  };
}

async function describe(
  ctx: Context,
  accounts: readonly string[],
  byHealth: Record<HealthState, number>,
): Promise<string> {
  const domains = Object.entries(byHealth).reduce((sum, [state, n]) => sum + (state === "off" ? 0 : n), 0);
  const failing = byHealth["mail-failing"];
  const needing = ATTENTION_STATES.reduce((sum, state) => sum + byHealth[state], 0);
  const settingUp = byHealth.working + byHealth.waiting;
  if (domains === 0) return "There is no domain yet.";
  if (failing > 0)
    return describeFailingDomains({ failing, domains, refusing: await countRefusing(ctx, accounts) });
  if (needing > 0) return `${countOf(needing, "domain")} ${needing === 1 ? "needs" : "need"} you.`;
  if (settingUp === domains)
    return `${countOf(domains, "domain")} ${domains === 1 ? "is" : "are"} being set up.`;
  const rest = settingUp > 0 ? ` ${settingUp} more ${settingUp === 1 ? "is" : "are"} being set up.` : "";
  const fine = domains - settingUp;
  if (fine > 1) return `All ${fine} domains are fine.${rest}`;
  const only = await ctx.db.domain.findFirst({ where: { accountId: { in: [...accounts] }, health: "good" } });
  return `${only?.domain ?? "Your domain"} is fine.${rest}`;
}

async function sumFigures({ reports }: Context, accounts: readonly string[], { from, to }: ReportRange) {
  const [row] = await reports.$queryRaw<{ successful: string; failed: string; senders: number }[]>`
    select coalesce(sum(counted_successful), 0)::text as successful, coalesce(sum(counted_failed), 0)::text as failed,
      count(distinct reporter)::int as senders
    from tls_total_sessions
    where account_id = any(${accounts}::text[]) and report_day between ${from}::date and ${to}::date
      and ${matchesSource(Prisma.sql`reporter`, { trust: "aligned" })}`;
  const failedSessions = safeCount(row?.failed ?? "0");
  const sessions = safeCount(row?.successful ?? "0") + failedSessions;
  return { sessions, failedSessions, senders: row?.senders ?? 0 };
}

/** Certificates of hosts that receive mail now. Those of providers that renew them are left out until their last week. */
async function listExpiring({ db, now }: Context, accounts: readonly string[]): Promise<View["expiring"]> {
  const at = now();
  const until = new Date(at.getTime() + EXPIRING_MS);
  const rows = await db.$queryRaw<{ host: string; notAfter: Date; domains: number }[]>`
    select s.mx_host as host, min(p.certificate_not_after) as "notAfter", count(distinct s.domain_id)::int as domains
    from mx_sighting s
      join domain d on d.account_id = s.account_id and d.id = s.domain_id and d.status = 'active'
      join mx_host_probe p on p.mx_host = s.mx_host
    where s.account_id = any(${accounts}::text[]) and s.last_seen_at >= d.mx_checked_at - interval '1 minute'
      and p.certificate_not_after between ${at}::timestamptz and ${until}::timestamptz
    group by 1 order by 2, 1 limit 100`;
  return rows
    .filter(({ host, notAfter }) => {
      const restMs = notAfter.getTime() - at.getTime();
      return restMs <= (findMailProvider(host) ? PROVIDER_MS : EXPIRING_MS);
    })
    .slice(0, MAX_LINES)
    .map((row) => ({ ...row, notAfter: row.notAfter.toISOString() }));
}

function countOf(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
