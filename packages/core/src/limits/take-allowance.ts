import type { Database, Transaction } from "@waxseal/db";

/** How often something may happen: `burst` times at once, then once more every `refillSeconds`. */
export type Allowance = { burst: number; refillSeconds: number };

/**
 * Takes one from the allowance that is counted under `key`; false: it is used up, and nothing was taken.
 *
 * Counted in Postgres and by its clock, so that all processes share the count; callers at the same instant never get more than
 * `burst` together. Names of people go into `key` as hashes only.
 */
export async function takeAllowance(
  db: Database | Transaction,
  key: string,
  { burst, refillSeconds }: Allowance,
): Promise<boolean> {
  // One row per key says when the allowance is whole again. Example: burst 3, refill 60 s; used twice at 12:00:00, the row says
  // 12:02:00. A third use at 12:00:30 moves it to 12:03:00, which is within 3 x 60 s of now; a fourth would not be.
  const taken = await db.$queryRaw<unknown[]>`
    insert into allowance (key, used_until)
    values (${key}, clock_timestamp() + make_interval(secs => ${refillSeconds}::float8))
    on conflict (key) do update
      set used_until = greatest(allowance.used_until, clock_timestamp()) + make_interval(secs => ${refillSeconds}::float8)
      where greatest(allowance.used_until, clock_timestamp()) <= clock_timestamp() + make_interval(secs => ${(burst - 1) * refillSeconds}::float8)
    returning 1`;
  return taken.length > 0;
}

/** Makes the allowance under `key` whole again. */
export async function restoreAllowance(db: Database | Transaction, key: string): Promise<void> {
  await db.allowance.deleteMany({ where: { key } });
}

/** Forgets allowances that are whole again. Returns how many. Safe to run twice. */
export async function pruneAllowances(db: Database): Promise<number> {
  return db.$executeRaw`delete from allowance where used_until < clock_timestamp()`;
}
