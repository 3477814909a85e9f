import { inspect } from "node:util";
import { explainDatabaseError } from "@waxseal/db";
import { findSettings } from "./find-settings.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Explains an unexpected failure in sentences. The error itself follows only when WAXSEAL_DEBUG is set: its text may name
 * codes and values.
 */
export function explainFailure(error: unknown, terminal: Terminal): string {
  const known = explainDatabaseError(error, findDatabaseUrl(terminal));
  const words = known ?? "Something went wrong on our side.";
  if (terminal.env.WAXSEAL_DEBUG) return `${words}\n${inspect(error)}`;
  return known ?? `${words} Run the command again with WAXSEAL_DEBUG=1 to see the details.`;
}

function findDatabaseUrl({ env, cwd }: Terminal): string | undefined {
  try {
    return findSettings(env, cwd).DATABASE_URL;
  } catch {
    return undefined;
  }
}
