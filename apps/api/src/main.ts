import { runApp } from "@waxseal/runtime";
import { loadConfig } from "./config.ts";
import { startApi } from "./start-api.ts";

await runApp("api", process.env, (logger, env) =>
  startApi(loadConfig(env), { logger, now: () => new Date() }),
);
