import { Prisma, type ReportTrust } from "@waxseal/db";
import { allOf } from "../../all-of.ts";

/** How much of a figure is proven; `unsigned` is all without a valid signature. */
export type TrustLevel = "aligned" | "signed" | "unsigned";

/** No text of a parsed report holds control characters. */
const MARK = "\x1f";
const SIGNED = `${MARK}signed${MARK}`;
const UNSIGNED = `${MARK}unsigned`;

/** A report without a valid signature can be from any sender, whether it is unsigned, broken or not looked up yet. RFC 8460 §5.3 */
export function trustLevel(trust: ReportTrust): TrustLevel {
  return trust === "aligned" || trust === "signed" ? trust : "unsigned";
}

/**
 * The key under which a report's figures are added up: its reporter's name, with who signed it where that is not the reporter.
 * It keeps proven and unproven figures apart in every table by reporter.
 */
export function sourceKey(report: {
  reporter: string;
  trust: ReportTrust;
  submitter: string | null;
}): string {
  const level = trustLevel(report.trust);
  if (level === "aligned") return report.reporter;
  return report.reporter + (level === "signed" ? SIGNED + (report.submitter ?? "") : UNSIGNED);
}

/** What a key says; `shown` names the source for people and can be given as the filter `source`. */
export type ReportSource = { reporter: string; trust: TrustLevel; signedBy: string | null; shown: string };

/** Reads a {@link sourceKey}. */
export function readSource(key: string): ReportSource {
  const [reporter = "", trust, signedBy = null] = key.split(MARK);
  if (trust === "signed") {
    return { reporter, trust, signedBy, shown: `${reporter} (signed by ${signedBy})` };
  }
  return { reporter, trust: trust === "unsigned" ? trust : "aligned", signedBy: null, shown: reporter };
}

/** What a question is narrowed to. */
export type SourceFilter = { source?: string | undefined; trust?: TrustLevel | "any" | undefined };

/** A condition on a column of source keys. A source given by its bare name is that of proven and of unsigned reports. */
export function matchesSource(column: Prisma.Sql, { source, trust }: SourceFilter): Prisma.Sql {
  return allOf([
    ...(source === undefined ? [] : [Prisma.sql`${column} = any(${sourceKeys(source)})`]),
    ...(trust === undefined || trust === "any" ? [] : [hasTrust(column, trust)]),
  ]);
}

function hasTrust(column: Prisma.Sql, trust: TrustLevel): Prisma.Sql {
  if (trust === "aligned") return Prisma.sql`strpos(${column}, ${MARK}) = 0`;
  return Prisma.sql`strpos(${column}, ${trust === "signed" ? SIGNED : UNSIGNED}) > 0`;
}

function sourceKeys(source: string): string[] {
  const [, reporter, signedBy] = /^(.*) \(signed by ([^()]*)\)$/.exec(source) ?? [];
  const plain = [source, source + UNSIGNED];
  return reporter === undefined ? plain : [...plain, `${reporter}${SIGNED}${signedBy}`];
}

/** The trust level of a column of source keys. */
export function selectTrust(column: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`case when strpos(${column}, ${MARK}) = 0 then 'aligned' when strpos(${column}, ${SIGNED}) > 0 then 'signed' else 'unsigned' end`;
}

/** The name of a column of source keys that people see: `shown` of {@link readSource}. */
export function selectShown(column: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`split_part(${column}, ${MARK}, 1)
    || case when strpos(${column}, ${SIGNED}) > 0 then ' (signed by ' || split_part(${column}, ${MARK}, 3) || ')' else '' end`;
}

/** The same condition on a row `r` of tls_report, whose reporter is the bare name. */
export function matchesReport({ source, trust }: SourceFilter): Prisma.Sql {
  const [, reporter, signedBy] = /^(.*) \(signed by ([^()]*)\)$/.exec(source ?? "") ?? [];
  const conditions: Prisma.Sql[] = [];
  if (reporter !== undefined)
    conditions.push(
      Prisma.sql`r.reporter = ${reporter} and r.trust = 'signed' and r.submitter = ${signedBy}`,
    );
  else if (source !== undefined) conditions.push(Prisma.sql`r.reporter = ${source} and r.trust <> 'signed'`);
  if (trust === "unsigned") conditions.push(Prisma.sql`r.trust not in ('aligned', 'signed')`);
  else if (trust !== undefined && trust !== "any")
    conditions.push(Prisma.sql`r.trust = ${trust}::report_trust`);
  return allOf(conditions);
}
