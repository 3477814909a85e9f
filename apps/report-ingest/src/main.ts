import { runApp } from "@waxseal/runtime";
import { loadConfig } from "./config.ts";
import { startReportIngest } from "./start-report-ingest.ts";

await runApp("report-ingest", process.env, (logger, env, own) =>
  startReportIngest(loadConfig(env), { logger, ...own }),
);
