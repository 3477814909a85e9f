import type { SetupRecordView } from "../../api/contract.ts";

/**
 * What is the matter with a CNAME, as far as it can be seen from outside: misplaced: it is at a wrong name; longTarget: its target
 * got the zone added; proxied: the provider answers addresses of its own in its place; the rest as the contract has them.
 */
export type RecordFault =
  | "misplaced"
  | "longTarget"
  | "proxied"
  | "wrong"
  | "unreachable"
  | NonNullable<SetupRecordView["misdirected"]>;

/** The fault of a record, undefined when it is correct, or nothing is there yet. */
export function findRecordFault(
  record: Pick<SetupRecordView, "state" | "seen" | "misplaced" | "misdirected" | "target">,
  providerId: string,
): RecordFault | undefined {
  if (record.state === "unreachable") return "unreachable";
  if (record.state === "missing") return record.misplaced ? "misplaced" : undefined;
  if (record.state !== "wrong") return undefined;
  if (record.misdirected) return record.misdirected;
  if (record.seen?.startsWith(`CNAME ${record.target}.`)) return "longTarget";
  if (providerId === "cloudflare" && /^A{1,4} /.test(record.seen ?? "")) return "proxied";
  return "wrong";
}

/** What to type for a misplaced CNAME in a form that, as its wrong name shows, adds a zone automatically. */
export function nameForForm(
  { name, misplaced }: Pick<SetupRecordView, "name" | "misplaced">,
  zone: string,
): string {
  const added = misplaced?.startsWith(`${name}.`) ? misplaced.slice(name.length) : `.${zone}`;
  return name.endsWith(added) ? name.slice(0, -added.length) : name;
}
