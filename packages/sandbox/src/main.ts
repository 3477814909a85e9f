import { runApp } from "@waxseal/runtime";
import { loadConfig } from "./config.ts";
import { startSandbox } from "./start-sandbox.ts";

await runApp("sandbox", process.env, async (logger, env) => {
  const sandbox = await startSandbox(loadConfig(env));
  logger.info({ controlUrl: sandbox.controlUrl }, "sandbox started");
  return sandbox;
});
