import { randomBytes } from "node:crypto";
import { type Context, createSecretBox, reportsMxHost } from "@waxseal/core";
import type { TokenOwner } from "@waxseal/core/reports";
import { createTestAccount, createTestDomain } from "@waxseal/core/reports/testing";
import { recordServingChange } from "@waxseal/core/serving";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { createLogger, createSelfSignedPair } from "@waxseal/runtime";
import { CAPACITY, type Config } from "../src/config.ts";
import { type ReportIngest, startReportIngest } from "../src/start-report-ingest.ts";

const REPORTS_DOMAIN = "reports.example.net";

/** A running ingest on a database of its own, for tests. */
export type TestIngest = {
  database: TestDatabase;
  ingest: ReportIngest;
  /** A new account with one domain, and the mail address of its reports. */
  startDomain(domain?: string): Promise<{ ctx: Context; owner: TokenOwner; address: string }>;
  /** Stores certificates for the names of the ingest, as if a CA had issued them. */
  storeCertificates(notAfter: Date): Promise<void>;
  stop(): Promise<void>;
};

/** Starts it; `config` replaces single limits. */
export async function createTestIngest(
  templateDatabaseUrl: string,
  config: Partial<Config> = {},
): Promise<TestIngest> {
  const database = await createTestDatabase(templateDatabaseUrl);
  const secretKeys = `k1:${randomBytes(32).toString("base64url")}`;
  const ingest = await startReportIngest(
    {
      ...CAPACITY,
      ...(await database.urlsAs("report-ingest")),
      secretKeys,
      reportsDomain: REPORTS_DOMAIN,
      reportsHost: `upload.${REPORTS_DOMAIN}`,
      hasOperator: true,
      dnsResolvers: ["127.0.0.1:1"],
      bindAddress: "127.0.0.1",
      smtpPort: 0,
      httpsPort: 0,
      healthPort: 0,
      proxyProtocolFrom: [],
      dailyBytes: 1024 ** 3,
      databaseLimitBytes: undefined,
      ...config,
    },
    { logger: createLogger("report-ingest", "silent") },
  );
  return {
    database,
    ingest,
    startDomain: async (domain = "example.com") => {
      const ctx = await createTestAccount(database.db, () => new Date());
      const owner = await createTestDomain(ctx, domain);
      return { ctx, owner, address: `${owner.token}@${REPORTS_DOMAIN}` };
    },
    storeCertificates: async (notAfter) => {
      for (const host of [reportsMxHost(REPORTS_DOMAIN), `upload.${REPORTS_DOMAIN}`]) {
        const { key, cert } = createSelfSignedPair([host], new Date());
        const issued = {
          host,
          chainPem: cert,
          keyJwe: await createSecretBox(secretKeys).seal(key),
          notBefore: new Date(0),
          notAfter,
        };
        const about = {
          issuer: "Test",
          serial: "1",
          fingerprint256: "",
          directoryUrl: "",
          createdAt: new Date(),
        };
        await database.db.$transaction(async (tx) => {
          await tx.certificate.create({ data: { accountId: "operator", ...issued, ...about } });
          await recordServingChange(tx, "certificate", host, new Date());
        });
      }
    },
    stop: async () => {
      await ingest.stop();
      await database.drop();
    },
  };
}
