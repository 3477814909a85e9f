import type { Misdirection } from "@waxseal/contract";
import { lookUpCname, type Resolver } from "@waxseal/probes";
import type { z } from "zod";
import { findMisdirection, ownerName, type RecordKind, targetName } from "../setup-names.ts";
import { findMisplacedName } from "./find-misplaced-name.ts";

/** The state of one of the three CNAMEs; `seen` is what was there instead, in words, null when nothing was. */
export type CheckedRecord = {
  kind: RecordKind;
  state: "missing" | "wrong" | "correct" | "unreachable";
  seen: string | null;
  /** Where it was found in place of its name, when it is missing there. */
  misplaced: string | null;
  /** How it misses although it points to us. */
  misdirected: z.infer<typeof Misdirection> | null;
  target: string;
};

const MAX_CNAMES = 8;

/**
 * Looks at one of the three CNAMEs. It is correct as well when it arrives at our target by way of other CNAMEs.
 * `unreachable` says nothing about the record: the DNS servers did not answer.
 *
 * RFC 1034 §3.6.2
 */
export async function checkDomainRecord(
  resolver: Resolver,
  record: { kind: RecordKind; domain: string; token: string; hostedZone: string; zone?: string | undefined },
): Promise<CheckedRecord> {
  const { kind, domain, token, hostedZone } = record;
  const target = targetName(kind, token, hostedZone);
  const answer = (state: CheckedRecord["state"], seen: string | null = null): CheckedRecord => ({
    kind,
    state,
    seen,
    misplaced: null,
    misdirected: null,
    target,
  });
  const missing = async (): Promise<CheckedRecord> => {
    const name = ownerName(kind, domain);
    const misplaced = await findMisplacedName(resolver, { name, domain, target, zone: record.zone });
    return { ...answer("missing"), misplaced: misplaced ?? null };
  };
  const first = await lookUpCname(resolver, ownerName(kind, domain));
  if ("missing" in first) {
    if (first.missing === "no-domain") return missing();
    if (first.missing !== "no-record") return answer("unreachable", first.detail);
    if (first.seen.length === 0) return missing();
    const seen = first.seen.map(({ type, value }) =>
      type === "TXT" ? `TXT "${value}"` : `${type} ${value}`,
    );
    return answer("wrong", seen.join(", ").slice(0, 1_000));
  }
  let current = first.found;
  for (let count = 1; current !== target && count < MAX_CNAMES; count++) {
    const next = await resolver.resolveCname(current);
    const [found] = "found" in next ? next.found : [];
    if (found === undefined) break;
    current = found;
  }
  if (current === target) return answer("correct");
  const misdirected = findMisdirection(current, { kind, token, hostedZone }) ?? null;
  return { ...answer("wrong", `CNAME ${first.found}`), misdirected };
}
