import { runApp } from "@waxseal/runtime";
import { loadConfig } from "./config.ts";
import { startPolicyServer } from "./start-policy-server.ts";

await runApp("policy-server", process.env, (logger, env, { isStopping }) =>
  startPolicyServer(loadConfig(env), { logger, isStopping }),
);
