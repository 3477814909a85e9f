import { RetentionBody } from "@waxseal/contract";
import { AppError } from "@waxseal/core";
import { explainInput } from "@waxseal/runtime";
import { type Command, InvalidArgumentError } from "commander";
import type { Run } from "./run-cli.ts";
import { type AccountOption, withAccount } from "./with-account.ts";

type Options = AccountOption & { rawDays?: number; dailyDays?: number };

/** `account retention`: shows how long reports are kept, and changes what is given. */
export function retentionCommand(account: Command, run: Run): void {
  account
    .command("retention")
    .description(
      "how long reports are kept; with an option it is changed, and what is older goes with the next daily run",
    )
    .option("--raw-days <days>", "messages as they arrived, and the quarantine: 7 to 3650", parseDays)
    .option("--daily-days <days>", "reports that were understood, and their figures: 30 to 3650", parseDays)
    .option("--account <id or name>", "the account; needed when there are several")
    .action((options: Options) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx) => {
          const { getRetention, setRetention } = await import("@waxseal/core/reports");
          const { rawDays, dailyDays } = options;
          if (rawDays !== undefined || dailyDays !== undefined) {
            const old = await getRetention(ctx);
            await setRetention(
              ctx,
              readRetention({ rawDays: rawDays ?? old.rawDays, dailyDays: dailyDays ?? old.dailyDays }),
            );
          }
          const kept = await getRetention(ctx);
          const text = `Raw messages are kept ${kept.rawDays} days, reports and totals ${kept.dailyDays} days${kept.isDefault ? " (the default)" : ""}.\n`;
          return { json: kept, text };
        }),
      ),
    );
}

function readRetention(days: { rawDays: number; dailyDays: number }) {
  const { data, error } = RetentionBody.safeParse(days, { error: explainInput });
  if (data) return data;
  const fields = error.issues.map(({ path, message }) => ({ path: path.join("."), problem: message }));
  const limits = "--raw-days 7 to 3650, --daily-days 30 to 3650";
  throw new AppError("invalid", `Reports cannot be kept for so many days: ${limits}.`, { fields });
}

function parseDays(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number of days.");
  return Number(text);
}
