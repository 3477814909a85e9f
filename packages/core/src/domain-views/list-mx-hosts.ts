import type { MxListView, PageQuery } from "@waxseal/contract";
import { allowsMxHost } from "@waxseal/mta-sts";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";
import { pageOf } from "../list-page.ts";
import { summarizeSessions } from "../reports/answers/summarize-sessions.ts";
import { presentMxHosts } from "./present-mx-hosts.ts";

type View = z.infer<typeof MxListView>;

const MAX_FORMER = 20;

/**
 * The MX hosts of a domain at the last look-up against its newest policy, with what reports of the last 30 days say of
 * each (proven reports only, RFC 8460 §5.3), the patterns no host needs, and hosts that failed then and are no MX host now.
 *
 * Reports name a host for failures only, so the share of successes of one host is known where it is the only one.
 *
 * @throws AppError `not_found` – no such domain in this account
 *
 * RFC 8460 §4.4
 */
export async function listMxHosts(ctx: Context, input: PageQuery & { domainId: string }): Promise<View> {
  const domain = await getDomain(ctx.db, ctx.accountId, input.domainId);
  const [newest, summary] = await Promise.all([
    ctx.db.policyVersion.findFirst({
      where: { accountId: ctx.accountId, domainId: domain.id },
      orderBy: { version: "desc" },
    }),
    summarizeSessions(ctx, { domainId: domain.id, groupBy: "mx", trust: "aligned" }),
  ]);
  const { items, checkedAt } = presentMxHosts(domain, newest ?? undefined);
  // Failures that name no host have the key "".
  const failedAt = new Map(
    summary.items.filter(({ key }) => key !== "").map(({ key, failedSessions }) => [key, failedSessions]),
  );
  const { totals } = summary;
  const isOnly = items.length === 1;
  const hosts = items.map((item) => ({
    ...item,
    failedSessions: failedAt.get(item.mxHost) ?? 0,
    successShare: isOnly ? totals.successShare : null,
  }));
  return {
    ...pageOf({ items: hosts }, input, ({ mxHost }) => mxHost),
    checkedAt,
    unneeded: (newest?.mx ?? []).filter(
      (pattern) => !items.some(({ mxHost }) => allowsMxHost([pattern], mxHost)),
    ),
    former: [...failedAt]
      .filter(([mxHost]) => !items.some((item) => item.mxHost === mxHost))
      .map(([mxHost, failedSessions]) => ({ mxHost, failedSessions }))
      .slice(0, MAX_FORMER),
    reports: {
      from: summary.from,
      to: summary.to,
      reports: totals.reports,
      sessions: totals.successfulSessions + totals.failedSessions,
      successShare: totals.successShare,
    },
  };
}
