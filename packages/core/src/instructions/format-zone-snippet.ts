import type { SetupRecordView } from "@waxseal/contract";
import type { z } from "zod";

type Record = Pick<z.infer<typeof SetupRecordView>, "name" | "target" | "state">;

const TTL_SECONDS = 3_600;

/**
 * The CNAMEs of one domain as lines of its zone file, names relative to the `$ORIGIN` before them; after them, `$ORIGIN` is the domain
 * still. What the DNS answers already, or answers wrongly, stands in a comment.
 *
 * RFC 1035 §5.1
 */
export function formatZoneSnippet(domain: string, records: readonly Record[]): string {
  const owners = records.map(({ name }) => name.slice(0, -domain.length - 1));
  const width = Math.max(...owners.map((owner) => owner.length));
  const lines = records.map(
    ({ target, state }, index) =>
      `${(owners[index] ?? "").padEnd(width)} ${TTL_SECONDS} IN CNAME ${target}.${NOTES[state]}`,
  );
  return [`$ORIGIN ${domain}.`, ...lines, ""].join("\n");
}

const NOTES: { [state in Record["state"]]: string } = {
  unchecked: "",
  missing: "",
  wrong: " ; in place of what is there",
  correct: " ; is there already",
  unreachable: "",
};
