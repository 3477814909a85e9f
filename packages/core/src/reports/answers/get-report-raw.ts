import { formatTlsReport } from "@waxseal/tls-rpt";
import { AppError } from "../../app-error.ts";
import type { Context } from "../../context.ts";
import { storedPolicies } from "../understanding/stored-policies.ts";
import { openMessage } from "./open-message.ts";

/** Bytes as they arrived, and how to offer them for download. */
export type RawMessage = { bytes: Buffer; contentType: string; fileName: string };

/**
 * The message a report came in, exactly as it arrived.
 *
 * Where the message also names a domain that is not in this account, the report is written from what was counted: this domain's part only.
 * @throws AppError `not_found` – no such report in this account, or its message is no longer kept
 */
export async function getReportRaw(ctx: Context, { reportId }: { reportId: string }): Promise<RawMessage> {
  const report = await ctx.reports.tlsReport.findFirst({ where: { accountId: ctx.accountId, id: reportId } });
  if (!report) throw new AppError("not_found", "There is no such report.");
  const id = report.messageId;
  const message = await openMessage(ctx, { id });
  if (!message) throw new AppError("not_found", "The message of this report is no longer kept.");
  if (!message.bytes) {
    const json = formatTlsReport({
      organizationName: report.reporter,
      contactInfo: report.contactInfo,
      reportId: report.reportId,
      startAt: report.startAt,
      endAt: report.endAt,
      reportDay: report.reportDay.toISOString().slice(0, 10),
      policies: storedPolicies(report.policies),
    });
    return { bytes: Buffer.from(json), contentType: "application/tlsrpt+json", fileName: `${id}.json` };
  }
  return describeRaw(id, message.bytes);
}

/** What to call bytes that may be anything, by what they are. */
export function describeRaw(id: string, bytes: Buffer): RawMessage {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    return { bytes, contentType: "application/gzip", fileName: `${id}.json.gz` };
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    return { bytes, contentType: "application/zip", fileName: `${id}.zip` };
  }
  if (bytes[0] === 0x7b) return { bytes, contentType: "application/json", fileName: `${id}.json` };
  return { bytes, contentType: "message/rfc822", fileName: `${id}.eml` };
}
