import { runApp } from "@waxseal/runtime";
import { loadConfig } from "./config.ts";
import { startApi } from "./start-api.ts";

await runApp("api", process.env, (logger, env, own) => startApi(loadConfig(env), { logger, ...own }));
