import { type ContextSource, createContext } from "../context.ts";
import { type Allowance, takeAllowance } from "../limits/take-allowance.ts";
import { recordEvent } from "../record-event.ts";
import type { SsoProblem } from "./sso-problem.ts";

/** Limit on log entries of one account: anyone can begin a sign-in. */
const IN_LOG: Allowance = { burst: 30, refillSeconds: 120 };

/** Writes into the account's audit log why a sign-in by its identity provider failed, for the owners who set it up. */
export async function recordSsoProblem(
  source: ContextSource,
  accountId: string,
  problem: SsoProblem,
): Promise<void> {
  if (!(await takeAllowance(source.db, `sso-problem:${accountId}`, IN_LOG))) return;
  const ctx = createContext(source, accountId, { kind: "job", id: "sso", name: "Single sign-on" });
  await ctx.inTransaction((db) =>
    recordEvent(db, ctx, "sso.failed", { code: problem.ssoCode, detail: problem.message }),
  );
}
