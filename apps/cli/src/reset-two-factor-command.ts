import { formatInstant } from "@waxseal/contract/format-instant";
import { createSecretBox } from "@waxseal/core";
import { loadSettings } from "@waxseal/runtime";
import type { Command } from "commander";
import { findSettings } from "./find-settings.ts";
import { withInstallation } from "./open-installation.ts";
import type { Run } from "./run-cli.ts";

/** `user reset-two-factor`: for a person whom no owner can help, for example the last owner of an account. */
export function resetTwoFactorCommand(user: Command, run: Run): void {
  user
    .command("reset-two-factor")
    .description("let a person who lost their authenticator app sign in without it, a day later")
    .requiredOption("--email <email>", "make sure first that it is this person who asks")
    .action((options: { email: string }) =>
      run((terminal) =>
        withInstallation(terminal, async (installation) => {
          const { resetUserTwoFactor } = await import("@waxseal/core/accounts");
          const { createMailQueue } = await import("@waxseal/core/mail");
          const settings = loadSettings(findSettings(terminal.env, terminal.cwd), [
            "SECRET_KEYS",
            "PUBLIC_URL",
          ]);
          const queueMail = createMailQueue(createSecretBox(settings.SECRET_KEYS));
          const deps = { publicUrl: settings.PUBLIC_URL, queueMail };
          const reset = await resetUserTwoFactor(installation, options, deps);
          const text = `From ${formatInstant(reset.effectiveAt)} on, ${reset.email} signs in without the authenticator app. They get a mail; signing in with the app before then stops it.\n`;
          return { json: reset, text };
        }),
      ),
    );
}
