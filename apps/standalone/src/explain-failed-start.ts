import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { explainDatabaseError } from "@waxseal/db";
import { explainStartFailure, UNEXPLAINED_START } from "@waxseal/runtime";

type FailedApp = {
  name: string;
  /** What it said, or how it ended. */
  reason: string;
  /** The settings it was started with. */
  env: Readonly<Record<string, string>>;
  logName: string;
};

/** Why one of the apps could not start, for the operator: its reason, the setting of a port that it names, and its log. */
export function describeFailedApp({ name, reason, env, logName }: FailedApp): string {
  const port = /^Port (\d+) /.exec(reason)?.[1];
  const setting = port && Object.keys(env).find((key) => /(?:^|_)PORT$/.test(key) && env[key] === port);
  const sentence = /[.!?]$/.test(reason) ? reason : `${reason}.`;
  return `${name} could not start. ${sentence}${setting ? ` The setting is ${setting}.` : ""}\n  Log: ${logName}`;
}

/** Why `npm start` ended, for the operator. `unexpected`: its error belongs into the log that the text names. */
export function explainFailedStart(
  error: unknown,
  { env, dataDir }: { env: NodeJS.ProcessEnv; dataDir: string },
): { text: string; unexpected: boolean } {
  const logs = join(dataDir, "logs");
  const ofDatabase = explainDatabaseError(error, env.DATABASE_URL);
  if (ofDatabase !== undefined) {
    const isOurs = !env.DATABASE_URL && !env.DATABASE_URL_FILE;
    return {
      text: isOurs ? `${ofDatabase}\n  Log: ${join(logs, "postgres.log")}` : ofDatabase,
      unexpected: false,
    };
  }
  const text = explainStartFailure(error);
  if (/^Postgres could not start/.test(text))
    return { text: `${text}\n  Log: ${join(logs, "postgres.log")}`, unexpected: false };
  if (text !== UNEXPLAINED_START) return { text, unexpected: false };
  return { text: `${text}\n  Log: ${startLog(dataDir)}`, unexpected: true };
}

/** Keeps the error of a start that failed unexpectedly in its log; where that cannot be written, the terminal gets it. */
export function writeStartLog(dataDir: string, error: unknown): void {
  try {
    mkdirSync(join(dataDir, "logs"), { recursive: true });
    writeFileSync(startLog(dataDir), `${inspect(error)}\n`, { mode: 0o600 });
  } catch {
    process.stderr.write(`\n${inspect(error)}\n`);
  }
}

function startLog(dataDir: string): string {
  return join(dataDir, "logs", "start.log");
}
