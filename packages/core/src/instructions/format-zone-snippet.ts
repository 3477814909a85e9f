import type { SetupRecordView } from "@waxseal/contract";
import type { z } from "zod";

type Record = Pick<z.infer<typeof SetupRecordView>, "name" | "target" | "state">;

const TTL_SECONDS = 3_600;

/**
 * The CNAMEs of one domain as lines of its zone file. Names are whole, so that the lines mean the same wherever they are pasted and change
 * nothing for those after them. What the DNS answers already, or answers wrongly, is in a comment.
 *
 * RFC 1035 §5.1
 */
export function formatZoneSnippet(domain: string, records: readonly Record[]): string {
  const width = Math.max(...records.map(({ name }) => name.length)) + 1;
  const lines = records.map(
    ({ name, target, state }) =>
      `${`${name}.`.padEnd(width)} ${TTL_SECONDS} IN CNAME ${target}.${NOTES[state]}`,
  );
  return [`; ${domain}`, ...lines, ""].join("\n");
}

const NOTES: { [state in Record["state"]]: string } = {
  unchecked: "",
  missing: "",
  wrong: " ; in place of what is there",
  correct: " ; is there already",
  unreachable: "",
};
