import { runApp } from "@waxseal/runtime";
import { loadConfig } from "./config.ts";
import { startWorker } from "./start-worker.ts";

await runApp("worker", process.env, (logger, env, own) => startWorker(loadConfig(env), logger, own));
