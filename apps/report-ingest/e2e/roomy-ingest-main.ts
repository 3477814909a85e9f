// The report ingest for tests and benchmarks whose whole load comes from one address: without limits per sender.
import { runApp } from "@waxseal/runtime";
import { loadConfig } from "../src/config.ts";
import { startReportIngest } from "../src/start-report-ingest.ts";

const ROOMY = { maxMessagesPerAddress: Infinity, maxStrayPerAddress: Infinity, dailyBytes: 1024 ** 5 };

await runApp("report-ingest", process.env, (logger, env) =>
  startReportIngest({ ...loadConfig(env), ...ROOMY }, { logger }),
);
