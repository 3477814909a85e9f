// npm run soak [-- --seconds 600 --kill-every 20]: kills what receives reports under load, then says what was sent and what is there.
import { parseArgs } from "node:util";
import { soakIngest } from "./soak-ingest.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "600" },
    "kill-every": { type: "string", default: "20" },
    senders: { type: "string", default: "6" },
  },
});

const account = await soakIngest({
  durationMs: Number(values.seconds) * 1_000,
  killEveryMs: Number(values["kill-every"]) * 1_000,
  senders: Number(values.senders),
  tell: (line) => process.stderr.write(`  soak: ${line}\n`),
});
console.log(JSON.stringify(account, null, 2));
const { lost, unexplained, reportsLost, reportsTooMany } = account;
const refused = Object.values(account.refused).reduce((sum, times) => sum + times, 0);
const isRight =
  [lost, unexplained, reportsLost, reportsTooMany].every((list) => list.length === 0) &&
  account.accepted + refused === account.sent &&
  account.reportsCounted === account.reportsSent;
process.exitCode = isRight ? 0 : 1;
