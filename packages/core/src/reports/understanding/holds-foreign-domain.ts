import { domainToASCII } from "node:url";
import { constants, gunzipSync } from "node:zlib";
import type { ReportMessage } from "@waxseal/db";
import { parseTlsReports, readTlsReportFileName } from "@waxseal/tls-rpt";
import type { Context } from "../../context.ts";
import { readMailFacts } from "../reading/read-mail-facts.ts";
import { type MailPart, readMailParts } from "../reading/read-mail-parts.ts";
import { readReportMessage } from "../reading/read-report-message.ts";
import { toOwnDomain } from "./load-domain-directory.ts";
import { type OwnDomain, routePolicies } from "./route-policies.ts";

const MAX_INFLATED_BYTES = 20 * 1024 * 1024;
const MAX_NAMES = 1_000;

/**
 * Whether a message names a domain that its account does not have, in a report, beside one, or in a part that cannot be read as one.
 *
 * This is the one rule for giving out the bytes of messages: those of which it is true stay here. It does not matter whether another account has
 * the domain: an answer that depended on it would say who is a customer.
 */
export async function holdsForeignDomain(ctx: Context, message: ReportMessage): Promise<boolean> {
  const raw = Buffer.from(message.raw);
  const { found, problems } = await readReportMessage(raw, message);
  const seen = [
    ...listClaims(raw, message.fileName),
    ...found.flatMap(({ mail, fileName, json }) => [
      ...listClaims(mail?.raw ?? Buffer.alloc(0), fileName),
      ...scan(json),
    ]),
    ...(problems.length > 0 ? await scanParts(raw) : []),
  ];
  const reports = found
    .flatMap(({ json }) => parseTlsReports(json).results)
    .flatMap((result) => (result.ok ? [result.report] : []));
  const named = reports.flatMap(({ policies }) => policies.flatMap(({ policyDomain }) => policyDomain ?? []));
  const own = await loadOwnDomains(ctx, message.domainId, [...seen, ...named]);
  const foreign = new Set(
    reports.flatMap(
      (report) => routePolicies(report, own.home, (name) => own.byName.get(name)).foreignDomains,
    ),
  );
  if (foreign.size > 0) return true;
  const known = new Set([...named, ...own.byName.keys(), ...(own.home?.mxHosts ?? [])]);
  return seen.some((name) => !known.has(name));
}

async function loadOwnDomains(ctx: Context, homeId: string | null, names: readonly string[]) {
  const { accountId } = ctx;
  const rows = await ctx.db.domain.findMany({
    where: { accountId, OR: [{ domain: { in: [...new Set(names)] } }, ...(homeId ? [{ id: homeId }] : [])] },
    select: { id: true, domain: true, mxHosts: true },
  });
  const domains = rows.map(({ mxHosts, ...row }) => toOwnDomain({ ...row, mx_hosts: mxHosts }));
  return {
    byName: new Map<string, OwnDomain>(domains.map((domain) => [domain.domain, domain])),
    home: domains.find(({ domainId }) => domainId === homeId) ?? null,
  };
}

/** Domains that a message's header and file name say it is about. */
function listClaims(mail: Buffer, fileName: string | null): string[] {
  const named = readTlsReportFileName(fileName ?? "")?.policyDomain;
  const { policyDomain } = readMailFacts(mail);
  return [...(named ? [named.toLowerCase()] : []), ...(policyDomain ? [policyDomain] : [])];
}

/** What can be seen of parts that are damaged: as far as they inflate, by the field's name alone. */
async function scanParts(raw: Buffer): Promise<string[]> {
  const parts: Pick<MailPart, "bytes" | "fileName">[] = await readMailParts(raw).catch(() => []);
  return [{ bytes: raw, fileName: null }, ...parts].flatMap(({ bytes, fileName }) => [
    ...scan(inflateAsFarAsPossible(bytes)),
    ...listClaims(Buffer.alloc(0), fileName),
  ]);
}

/** RFC 8460 §4.4 */
function scan(bytes: Buffer): string[] {
  const found = bytes.toString("utf8").matchAll(/"policy-domain"\s*:\s*"([^"\\]{1,255})"/gi);
  const names = [...found]
    .map(([, name = ""]) => domainToASCII(name) || name)
    .map((name) => name.replace(/\.$/, ""));
  return [...new Set(names)].slice(0, MAX_NAMES);
}

function inflateAsFarAsPossible(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MAX_INFLATED_BYTES,
    });
  } catch {
    return bytes;
  }
}
