import type { Context } from "../context.ts";
import { awaitServingNodes } from "../serving/await-serving-nodes.ts";
import { recordServingChange } from "../serving/record-serving-change.ts";
import { CertificateProblem } from "./certificate-problem.ts";

/** A challenge left behind by a killed worker goes after this. */
const CHALLENGE_LIFE_SECONDS = 3_600;

/**
 * Makes every policy server answer an http-01 challenge before it returns. Safe to repeat. It is answered for an hour by Postgres'
 * clock: workers' clocks may differ or jump.
 *
 * @throws CertificateProblem `preflight.http` – a policy server does not catch up
 *
 * RFC 8555 §8.3
 */
export async function publishChallenge(
  ctx: Context,
  challenge: { token: string; keyAuthorization: string; host: string },
): Promise<void> {
  const { token, keyAuthorization, host } = challenge;
  const seq = await ctx.inTransaction(async (db) => {
    await db.$executeRaw`
      insert into acme_challenge (token, key_authorization, host, expires_at)
      values (${token}, ${keyAuthorization}, ${host},
        clock_timestamp() + make_interval(secs => ${CHALLENGE_LIFE_SECONDS}))
      on conflict (token) do update
      set key_authorization = excluded.key_authorization, host = excluded.host, expires_at = excluded.expires_at`;
    return recordServingChange(db, "challenge", token, ctx.now());
  });
  const { lagging } = await awaitServingNodes(ctx.db, "policy", seq);
  if (lagging.length === 0) return;
  throw new CertificateProblem(
    "preflight.http",
    `${lagging.length} of our policy servers do not answer with the newest challenge yet. Nothing for you to do.`,
    { keepsOrder: true },
  );
}

/** Removes a challenge from every policy server. Safe to repeat. */
export async function removeChallenge(ctx: Context, token: string): Promise<void> {
  await ctx.inTransaction(async (db) => {
    await db.acmeChallenge.deleteMany({ where: { token } });
    await recordServingChange(db, "challenge", token, ctx.now());
  });
}
