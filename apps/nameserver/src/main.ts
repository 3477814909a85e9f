import { runApp } from "@waxseal/runtime";
import { loadConfig } from "./config.ts";
import { startNameserver } from "./start-nameserver.ts";

await runApp("nameserver", process.env, (logger, env, { isStopping }) =>
  startNameserver(loadConfig(env), { logger, isStopping }),
);
