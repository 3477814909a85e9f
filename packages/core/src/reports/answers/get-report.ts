import type { ReportView } from "@waxseal/contract";
import type { PolicyResult } from "@waxseal/tls-rpt";
import type { z } from "zod";
import { AppError } from "../../app-error.ts";
import type { Context } from "../../context.ts";
import { findDomainNames } from "../../domains/find-domain-names.ts";
import { type FindNetwork, findNoNetwork } from "../../networks/create-network-finder.ts";
import { explainReason } from "../understanding/explain-result.ts";
import { storedPolicies } from "../understanding/stored-policies.ts";
import { presentReport, type ReportRow } from "./present-report.ts";

type DetailRow = ReportRow & {
  contact_info: string | null;
  start_at: Date;
  end_at: Date;
  quirks: string[];
  message_id: string;
  size_bytes: number;
  policies: unknown;
};

/**
 * A whole report.
 * @throws AppError `not_found` – no such report in this account
 */
export async function getReport(
  ctx: Context,
  { reportId }: { reportId: string },
  { findNetwork = findNoNetwork }: { findNetwork?: FindNetwork } = {},
): Promise<z.infer<typeof ReportView>> {
  const [row] = await ctx.reports.$queryRaw<DetailRow[]>`
    select r.id::text, r.domain_id::text, r.report_day::text, r.reporter, r.submitter, r.report_id, r.successful_sessions,
      r.failed_sessions, r.result_types, r.trust::text, r.transport::text, r.received_at, r.contact_info, r.start_at, r.end_at,
      r.quirks, r.message_id::text, coalesce(octet_length(m.raw), 0) as size_bytes, r.policies
    from tls_report r
    left join report_message m on m.account_id = r.account_id and m.id = r.message_id
    where r.account_id = ${ctx.accountId} and r.id = ${reportId}::uuid`;
  const domainOf = await findDomainNames(ctx, row ? [row.domain_id] : []);
  const summary = row && presentReport(row, domainOf.get(row.domain_id));
  if (!summary) throw new AppError("not_found", "There is no such report.");
  return {
    ...summary,
    contactInfo: row.contact_info,
    startAt: row.start_at.toISOString(),
    endAt: row.end_at.toISOString(),
    quirks: row.quirks,
    messageId: row.message_id,
    sizeBytes: row.size_bytes,
    policies: await Promise.all(
      storedPolicies(row.policies).map((policy) => presentPolicy(policy, findNetwork)),
    ),
  };
}

async function presentPolicy({ failureDetails, ...policy }: PolicyResult, findNetwork: FindNetwork) {
  return {
    ...policy,
    failureDetails: await Promise.all(
      failureDetails.map(async ({ knownResultType: _known, ...detail }) => ({
        ...detail,
        title: explainReason(detail.resultType, detail.failureReasonCode).title,
        network: detail.sendingMtaIp === null ? null : await findNetwork(detail.sendingMtaIp),
      })),
    ),
  };
}
