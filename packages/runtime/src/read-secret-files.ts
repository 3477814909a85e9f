import { readFileSync } from "node:fs";
import { explainFileError } from "./explain-file-error.ts";
import { SettingsError } from "./settings-error.ts";

/** Secrets that no config.ts reads: of pg and the AWS SDK, and the passwords that `waxseal db roles` sets. */
const NAMES = /^(PGPASSWORD|AWS_SECRET_ACCESS_KEY|POSTGRES_([A-Z]+_)?PASSWORD)_FILE$/;

/**
 * Puts secrets that the environment names as NAME_FILE into it, so that what reads NAME finds them. An empty file counts as unset.
 * @throws SettingsError a sentence that names the variable whose file cannot be read
 */
export function readSecretFiles(env: NodeJS.ProcessEnv): void {
  for (const [variable, file] of Object.entries(env)) {
    if (!file || !NAMES.test(variable)) continue;
    const value = readSecret(variable, file);
    if (value !== "") env[variable.slice(0, -"_FILE".length)] = value;
  }
}

function readSecret(variable: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new SettingsError(`The file that ${variable} names ${explainFileError(error)}.`);
  }
}
