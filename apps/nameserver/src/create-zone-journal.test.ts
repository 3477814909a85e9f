import { expect, test } from "vitest";
import { createZoneJournal } from "./create-zone-journal.ts";

const answers = (token: string, publishedPolicyId: string) => ({ token, publishedPolicyId });
const change = (seq: bigint, before: string | undefined, after: string | undefined, token = "t") => ({
  token,
  firstSeq: seq,
  lastSeq: seq,
  before: before === undefined ? undefined : answers(token, before),
  after: after === undefined ? undefined : answers(token, after),
});

test("RFC 1995 §5: several changes of a token are one difference, from the state asked for to the newest", () => {
  const journal = createZoneJournal();
  journal.restart(10n);
  journal.add([change(11n, "a", "b"), change(12n, undefined, "x", "new")]);
  journal.add([change(14n, "b", "c")]);
  expect(journal.since(10n)).toEqual([
    { token: "t", before: answers("t", "a"), after: answers("t", "c") },
    { token: "new", before: undefined, after: answers("new", "x") },
  ]);
  expect(journal.since(13n)).toEqual([{ token: "t", before: answers("t", "b"), after: answers("t", "c") }]);
  expect(journal.since(14n)).toEqual([]);
});

test("a change that was undone is not a difference", () => {
  const journal = createZoneJournal();
  journal.restart(1n);
  journal.add([change(2n, undefined, "a"), change(3n, "a", undefined)]);
  expect(journal.since(1n)).toEqual([]);
});

test("a state between two changes that were read together was never seen: no difference is sent", () => {
  const journal = createZoneJournal();
  journal.restart(1n);
  journal.add([{ ...change(2n, "a", "c"), lastSeq: 5n }, change(3n, "x", "y", "other")]);
  expect(journal.since(3n)).toBeUndefined();
  expect(journal.since(1n)).toHaveLength(2);
  expect(journal.since(5n)).toEqual([]);
});

test("it is bounded: what was before its oldest change is not known, nor before it began", () => {
  const journal = createZoneJournal(10);
  expect(journal.since(5n)).toBeUndefined();
  journal.restart(0n);
  for (let seq = 1n; seq <= 11n; seq += 1n) journal.add([change(seq, `v${seq - 1n}`, `v${seq}`)]);
  expect(journal.since(5n)).toBeUndefined();
  expect(journal.since(6n)).toEqual([{ token: "t", before: answers("t", "v6"), after: answers("t", "v11") }]);
});
