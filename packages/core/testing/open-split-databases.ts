import { type Database, openDatabase } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { type PostgresProxy, startTestPostgresProxy } from "@waxseal/db/testing-proxy";

/** State and reports in databases of their own, each behind a way that can be cut. */
export type SplitDatabases = {
  /** Asks both without the ways that can be cut. */
  direct: TestDatabase;
  db: Database;
  state: PostgresProxy;
  reports: PostgresProxy;
  close(): Promise<void>;
};

/** Opens them; pass `inject("templateDatabaseUrl")` of vitest. */
export async function openSplitDatabases(templateDatabaseUrl: string): Promise<SplitDatabases> {
  const direct = await createTestDatabase(templateDatabaseUrl, { isSplit: true });
  const state = await startTestPostgresProxy(direct.databaseUrl);
  const reports = await startTestPostgresProxy(direct.reportsDatabaseUrl);
  const db = openDatabase(state.databaseUrl, { poolSize: 4, reportsDatabaseUrl: reports.databaseUrl });
  return {
    direct,
    db,
    state,
    reports,
    close: async () => {
      await db.$disconnect();
      await state.stop();
      await reports.stop();
      await direct.drop();
    },
  };
}
