import { expect, test } from "vitest";
import { type FetchingOwner, joinSenders } from "./join-senders.ts";

const NOW = new Date("2026-11-29T10:00:00Z");
const days = (last: number, count: number) =>
  Array.from({ length: count }, (_, index) =>
    new Date(NOW.getTime() - (last + index) * 86_400_000).toISOString().slice(0, 10),
  );
const owner = (name: string, fetches: number): FetchingOwner => ({
  owner: name,
  networks: 2,
  fetches,
  lastHour: NOW,
});
const rhythm = (reporter: string, signer: string, seen: string[], isSilentForAll = false) => ({
  ...{ reporter, signer, days: seen, delayMs: 3_600_000, isSilentForAll },
});

test("senders that never report, senders that stopped, and the share of mail covered by reports are listed", () => {
  const { items, share } = joinSenders(
    [
      owner("GOOGLE", 60),
      owner("Apple Inc.", 20),
      owner("Comcast Cable Communications, LLC", 10),
      owner("Hosting Co", 10),
    ],
    [
      rhythm("Google Inc.", "google.com", days(1, 20)),
      rhythm("Comcast", "comcast.net", days(5, 20)),
      rhythm("Sparrow Post", "sparrowpost.example", days(1, 9)),
    ],
    NOW,
  );
  expect(
    items.map(({ name, state, reporter, lastReportDay }) => [name, state, reporter, lastReportDay]),
  ).toEqual([
    ["GOOGLE", "reports", "Google Inc.", "2026-11-28"],
    ["Apple Inc.", "never", null, null],
    ["Comcast Cable Communications, LLC", "silent", "Comcast", "2026-11-24"],
    ["Hosting Co", "never", null, null],
    ["Sparrow Post", "reports", "Sparrow Post", "2026-11-28"],
  ]);
  expect(share).toBe(0.6);
});

test.each([
  ["Microsoft Corporation", "microsoft.com", "MICROSOFT-CORP-MSN-AS-BLOCK", true],
  ["Enterprise Outlook", "microsoft.com", "Microsoft Corporation", true],
  ["Fastmail Pty Ltd", "fastmail.com", "Fastmail Pty Ltd", true],
  ["GMX", "gmx.net", "1&1 IONOS SE", false],
  ["Evil Google", "evil.example", "Apple Inc.", false],
  ["AB", "ab.example", "ABSOLUTE HOSTING", false],
  ["Patient Widgets", "widgets-mail.example", "WIDGETS-MAIL Networks", true],
])("reports of %s, signed by %s, belong to the networks of %s: %s", (reporter, signer, network, isSame) => {
  const { items } = joinSenders([owner(network, 1)], [rhythm(reporter, signer, days(1, 9))], NOW);
  expect(items[0]?.reporter === reporter && items.length === 1).toBe(isSame);
});

test("one that is silent for most accounts is said to be, and without a fetch there is no share", () => {
  const { items, share } = joinSenders([], [rhythm("Comcast", "comcast.net", days(5, 20), true)], NOW);
  expect([items[0]?.state, items[0]?.isSilentForAll, share]).toEqual(["silent", true, null]);
});
