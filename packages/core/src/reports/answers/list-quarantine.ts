import { type QuarantineListQuery, type QuarantineListView, QuarantineReason } from "@waxseal/contract";
import { Prisma, type ReportTransport } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../../context.ts";
import { findDomainNames } from "../../domains/find-domain-names.ts";
import { parseCursor } from "../../list-cursor.ts";
import { makePage, placeOfTime } from "../../list-page.ts";
import { explainQuarantine } from "../reading/explain-quarantine.ts";

type Row = {
  id: string;
  domain_id: string | null;
  received_at: Date;
  transport: ReportTransport;
  quarantine_reason: string | null;
  quarantine_detail: string | null;
  size_bytes: number;
  envelope_from: string | null;
  remote_address: string | null;
};

/**
 * The messages of an account that could not be used, or not wholly, newest first, a page at a time.
 * @throws AppError `invalid` – the cursor cannot be used
 */
export async function listQuarantine(
  ctx: Context,
  query: z.infer<typeof QuarantineListQuery>,
): Promise<z.infer<typeof QuarantineListView>> {
  const cursor = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  const after = cursor
    ? Prisma.sql`(received_at, id) < (${new Date(cursor.at)}::timestamptz, ${cursor.id}::uuid)`
    : Prisma.sql`true`;
  const rows = await ctx.reports.$queryRaw<Row[]>`
    select id::text, domain_id::text, received_at, transport::text, quarantine_reason, quarantine_detail,
      octet_length(raw) as size_bytes, envelope_from, remote_address
    from report_message
    where account_id = ${ctx.accountId} and state = 'quarantined' and ${after}
    order by received_at desc, id desc
    limit ${query.limit + 1}`;
  const { page, nextCursor } = makePage(rows, query, (last) => placeOfTime(last.received_at, last.id));
  const domainOf = await findDomainNames(
    ctx,
    page.map(({ domain_id }) => domain_id),
  );
  return {
    items: page.map((row) => present(row, domainOf.get(row.domain_id ?? "") ?? null)),
    nextCursor,
  };
}

function present(row: Row, domain: string | null) {
  const reason = QuarantineReason.catch("processing-failed").parse(row.quarantine_reason);
  return {
    id: row.id,
    domainId: row.domain_id,
    receivedAt: row.received_at.toISOString(),
    transport: row.transport,
    reason,
    ...explainQuarantine(reason, domain),
    detail: row.quarantine_detail ?? "",
    sizeBytes: row.size_bytes,
    envelopeFrom: row.envelope_from,
    remoteAddress: row.remote_address,
  };
}
