import { statfs } from "node:fs/promises";
import type { SqlDatabase } from "@waxseal/db/sql";

/** Bytes of a database, and its disk; undefined where that cannot be seen. */
export type DatabaseRoom = {
  databaseBytes: number;
  /** The folder of Postgres on this machine, with the free and the whole size of its volume. */
  volume: { folder: string; freeBytes: number; sizeBytes: number } | undefined;
};

/** Measures a database, and its volume where Postgres runs on this machine and shows its folder. */
export async function measureDatabaseRoom(db: Pick<SqlDatabase, "$queryRaw">): Promise<DatabaseRoom> {
  // Postgres knows at which address it was reached: behind a proxy or in a container it is another machine's.
  const [row] = await db.$queryRaw<{ bytes: bigint; folder: string | null }[]>`
    select pg_database_size(current_database())::bigint as bytes,
      case when pg_has_role('pg_read_all_settings', 'usage') and coalesce(host(inet_server_addr()) in ('127.0.0.1', '::1'), true)
        then current_setting('data_directory') end as folder`;
  const folder = row?.folder ?? undefined;
  const stats = folder ? await statfs(folder).catch(() => undefined) : undefined;
  const isKnown = folder !== undefined && stats !== undefined && stats.blocks > 0;
  return {
    databaseBytes: Number(row?.bytes ?? 0),
    volume: isKnown
      ? { folder, freeBytes: stats.bavail * stats.bsize, sizeBytes: stats.blocks * stats.bsize }
      : undefined,
  };
}
