import { formatInstant } from "@waxseal/contract/format-instant";
import { findAccount } from "@waxseal/core/accounts";
import { listConditions } from "@waxseal/core/operating";
import type { Command } from "commander";
import { withInstallation } from "./open-installation.ts";
import type { Run } from "./run-cli.ts";

/** `operator conditions`, `operator deletions` and `operator mails`. */
export function operatorCommands(program: Command, run: Run): void {
  const operator = program.command("operator").description("what concerns the whole installation");
  operator
    .command("conditions")
    .description("what the operator must know now, e.g. which machine's clock is wrong")
    .action(() =>
      run((terminal) =>
        withInstallation(terminal, async ({ db }) => {
          const conditions = await listConditions(db);
          const text = conditions
            .map(({ text, since }) => `${text} Since ${formatInstant(since)}.\n`)
            .join("");
          return { json: conditions, text: text || "Nothing needs you.\n" };
        }),
      ),
    );
  operator
    .command("deletions")
    .description("deletions of reports that are unusually large and wait for you")
    .option("--allow <id or name>", "let the next daily run delete what waits in this account")
    .action((options: { allow?: string }) =>
      run((terminal) =>
        withInstallation(terminal, async ({ db }) => {
          const { allowDeletions, listHeldDeletions } = await import("@waxseal/core/reports");
          if (options.allow !== undefined)
            await allowDeletions(db, (await findAccount(db, options.allow)).id);
          const held = await listHeldDeletions(db);
          const lines = held.map(
            ({ account, kind, due, total, heldAt }) =>
              `${account}: ${due} of ${total} ${kind} wait since ${formatInstant(heldAt)}.\n`,
          );
          return { json: held, text: lines.join("") || "No deletion waits.\n" };
        }),
      ),
    );
  operator
    .command("mails")
    .description("mails that the mail server has not taken, and mails that were given up")
    .option("--retry", "send all of them now, and try for two more days")
    .action((options: { retry?: true }) =>
      run((terminal) =>
        withInstallation(terminal, async ({ db }) => {
          const { listStuckMails, retryStuckMails } = await import("@waxseal/core/mail");
          if (options.retry) {
            const count = await retryStuckMails(db);
            return { json: { retried: count }, text: `${count} mails are being sent.\n` };
          }
          const mails = await listStuckMails(db);
          const lines = mails.map(
            ({ kind, recipient, createdAt, nextAttemptAt, problem }) =>
              `${kind} to ${recipient}, ${formatInstant(createdAt)}: ${problem ?? "being sent now."} ${
                nextAttemptAt ? `Next attempt ${formatInstant(nextAttemptAt)}.` : "Given up."
              }\n`,
          );
          return { json: mails, text: lines.join("") || "Every mail was taken.\n" };
        }),
      ),
    );
}
