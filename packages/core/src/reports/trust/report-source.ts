import { Prisma, type ReportTrust } from "@waxseal/db";

/** How much of a figure is proven; `unsigned` is all without a valid signature. */
export type TrustLevel = "aligned" | "signed" | "unsigned";

/** No text of a parsed report holds control characters. */
const MARK = "\x1f";
const SIGNED = `${MARK}signed${MARK}`;
const UNSIGNED = `${MARK}unsigned`;

/** Whatever carries no valid signature can be anybody's, whether unsigned, broken or not looked up yet. RFC 8460 §5.3 */
export function trustLevel(trust: ReportTrust): TrustLevel {
  return trust === "aligned" || trust === "signed" ? trust : "unsigned";
}

/**
 * The key under which a report's figures are added up: its reporter's name, with who signed it where that is not the reporter.
 * So all tables by reporter keep proven figures and others apart.
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

/** A condition on a column of source keys, from its `and` on. A source given by its bare name is that of proven and of unsigned reports. */
export function whereSource(column: Prisma.Sql, { source, trust }: SourceFilter): Prisma.Sql {
  const conditions = [
    ...(source === undefined ? [] : [Prisma.sql`and ${column} = any(${sourceKeys(source)})`]),
    ...(trust === undefined || trust === "any" ? [] : [whereTrust(column, trust)]),
  ];
  return conditions.length === 0 ? Prisma.empty : Prisma.join(conditions, " ");
}

function whereTrust(column: Prisma.Sql, trust: TrustLevel): Prisma.Sql {
  if (trust === "aligned") return Prisma.sql`and strpos(${column}, ${MARK}) = 0`;
  return Prisma.sql`and strpos(${column}, ${trust === "signed" ? SIGNED : UNSIGNED}) > 0`;
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

/** The same condition on tls_report, whose reporter is the bare name, under a table's alias. */
export function whereReport({ source, trust }: SourceFilter, alias: "t" | "r" = "t"): Prisma.Sql {
  const column = (name: string) => Prisma.raw(`${alias}.${name}`);
  const levelOf = column("trust");
  const [, reporter, signedBy] = /^(.*) \(signed by ([^()]*)\)$/.exec(source ?? "") ?? [];
  const conditions = [
    ...(source === undefined
      ? []
      : reporter === undefined
        ? [Prisma.sql`and ${column("reporter")} = ${source} and ${levelOf} <> 'signed'`]
        : [
            Prisma.sql`and ${column("reporter")} = ${reporter} and ${levelOf} = 'signed' and ${column("submitter")} = ${signedBy}`,
          ]),
    ...(trust === undefined || trust === "any"
      ? []
      : trust === "unsigned"
        ? [Prisma.sql`and ${levelOf} not in ('aligned', 'signed')`]
        : [Prisma.sql`and ${levelOf} = ${trust}::report_trust`]),
  ];
  return conditions.length === 0 ? Prisma.empty : Prisma.join(conditions, " ");
}
