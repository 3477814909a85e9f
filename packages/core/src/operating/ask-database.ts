import type { SqlDatabase } from "@waxseal/db/sql";

/** Whether a database answers and accepts writes, and if not, which of both, in words. Never throws. */
export async function askDatabase(db: SqlDatabase): Promise<true | string> {
  try {
    const [row] = await db.$queryRaw<{ isReadOnly: boolean }[]>`
      select current_setting('transaction_read_only')::boolean as "isReadOnly"`;
    return (
      !row?.isReadOnly || "The database accepts only reads: a standby, or default_transaction_read_only."
    );
  } catch {
    return "The database does not answer.";
  }
}
