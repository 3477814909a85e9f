import { formatInstant } from "@waxseal/contract/format-instant";
import { findAccount, type SignUpRule } from "@waxseal/core/accounts";
import { listConditions } from "@waxseal/core/operating";
import type { Command } from "commander";
import { dashboardCertificateCommand } from "./dashboard-certificate-command.ts";
import { withInstallation } from "./open-installation.ts";
import type { Run } from "./run-cli.ts";

const SIGN_UP_TEXTS: Record<SignUpRule["kind"], (rule: SignUpRule) => string> = {
  open: () => "Anyone may sign up.",
  invitation: () => "Only invited people may sign up.",
  closed: () => "No one may sign up.",
  domains: (rule) =>
    `People with an address at ${rule.kind === "domains" ? rule.domains.join(" or ") : ""} and invited people may sign up.`,
};

/** `operator conditions`, `operator deletions`, `operator mails` and `operator sign-up`. */
export function operatorCommands(program: Command, run: Run): void {
  const operator = program.command("operator").description("what concerns the whole installation");
  dashboardCertificateCommand(operator, run);
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
    .command("sign-up")
    .description(
      "who may sign up: open, invitation, closed, or mail domains with commas between them; alone: what it is",
    )
    .argument("[rule]")
    .option("--reset", "as the setting SIGN_UP says")
    .action((rule: string | undefined, options: { reset?: true }) =>
      run((terminal) =>
        withInstallation(terminal, async ({ db }) => {
          const { formatSignUpRule, getSignUpRule, readSignUpRule, setSignUpRule } = await import(
            "@waxseal/core/accounts"
          );
          if (options.reset) await setSignUpRule(db, undefined);
          else if (rule !== undefined) await setSignUpRule(db, readSignUpRule(rule));
          const setting = readSignUpRule(terminal.env.SIGN_UP || "open");
          const now = await getSignUpRule(db, setting);
          return { json: { signUp: formatSignUpRule(now) }, text: `${SIGN_UP_TEXTS[now.kind](now)}\n` };
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
