import { createSecretBox } from "@waxseal/core";
import { resealSecrets } from "@waxseal/core/certificates";
import { deriveAuthSecrets, resealAppSecrets } from "@waxseal/core/sign-in";
import { loadSettings } from "@waxseal/runtime";
import type { Command } from "commander";
import { findSettings } from "./find-settings.ts";
import { withInstallation } from "./open-installation.ts";
import type { Run } from "./run-cli.ts";

/** `secrets rotate`. */
export function secretCommands(program: Command, run: Run): void {
  program
    .command("secrets")
    .description("the secrets kept encrypted in the database")
    .command("rotate")
    .description("encrypt all of them with the first key of SECRET_KEYS; may be cut off and repeated")
    .action(() =>
      run((terminal) =>
        withInstallation(terminal, async ({ db }) => {
          const { SECRET_KEYS } = loadSettings(findSettings(terminal.env, terminal.cwd), ["SECRET_KEYS"]);
          const keys = await resealSecrets(db, createSecretBox(SECRET_KEYS));
          const apps = await resealAppSecrets(db, deriveAuthSecrets(SECRET_KEYS));
          const seen = keys.seen + apps.seen;
          const resealed = keys.resealed + apps.resealed;
          const unreadable = [...keys.unreadable, ...apps.unreadable];
          const lost = unreadable.map((label) => `No key in SECRET_KEYS opens: ${label}.\n`).join("");
          const advice = lost && "Keep every old key in SECRET_KEYS until this command opens all secrets.\n";
          const text = `${resealed} of ${seen} secrets encrypted again.\n${lost}${advice}`;
          return { json: { seen, resealed, unreadable }, text, failed: unreadable.length > 0 };
        }),
      ),
    );
}
