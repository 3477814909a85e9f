import { expect, test } from "vitest";
import { soakIngest } from "../e2e/soak-ingest.ts";

test("RFC 8460 §5.4: a minute of kills under load lose no accepted report and count each once", async () => {
  const account = await soakIngest({
    durationMs: 60_000,
    killEveryMs: 5_000,
    senders: 6,
    tell: (line) => process.stderr.write(`  soak: ${line}\n`),
  });
  expect(account).toMatchObject({ lost: [], unexplained: [], reportsLost: [], reportsTooMany: [] });
  expect(account.reportsCounted).toBe(account.reportsSent);
  expect(account.sessionsCounted).toBe(3 * account.reportsSent);
  expect(account.kills).toBeGreaterThanOrEqual(6);
}, 240_000);
