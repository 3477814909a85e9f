import { type Logger, pino } from "pino";

export type { Logger };

/** Paths whose values never reach a log. */
const REDACTED = [
  "password",
  "*.password",
  "token",
  "*.token",
  "key",
  "*.key",
  "authorization",
  "*.authorization",
  "cookie",
  "*.cookie",
];

/** A JSON logger on standard output, named for its process. */
export function createLogger(app: string, level: string): Logger {
  return pino({ name: app, level, redact: REDACTED, base: { pid: process.pid } });
}
