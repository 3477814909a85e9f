import { expect, test } from "vitest";
import { soakIngest } from "./soak-ingest.ts";

test("RFC 8460 §5.4: with ingests and Postgres killed under load, sent = kept + refused to the message, and each report counts once", async () => {
  const account = await soakIngest({
    durationMs: 28_000,
    killEveryMs: 5_000,
    senders: 4,
    tell: () => undefined,
  });
  expect(account).toMatchObject({ lost: [], unexplained: [], reportsLost: [], reportsTooMany: [] });
  const refused = Object.values(account.refused).reduce((sum, times) => sum + times, 0);
  expect(account.accepted + refused).toBe(account.sent);
  expect(account.reportsCounted).toBe(account.reportsSent);
  expect(account.sessionsCounted).toBe(3 * account.reportsSent);
  expect(account.kills).toBeGreaterThanOrEqual(2);
  expect(account.retries).toBeGreaterThan(0);
  expect(account.kept.duplicate).toBeGreaterThan(0);
  expect(account.kept["quarantined, no-report"]).toBeGreaterThan(0);
}, 180_000);
