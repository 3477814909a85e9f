import { type Command, InvalidArgumentError } from "commander";
import type { Run } from "./run-cli.ts";
import { ACCOUNT, type AccountOption, withApi } from "./with-api.ts";

type Options = AccountOption & { rawDays?: number; dailyDays?: number };

/** `account retention`: shows how long reports are kept, and changes what is given. */
export function retentionCommand(account: Command, run: Run): void {
  account
    .command("retention")
    .description(
      "how long reports are kept; with an option it is changed, and what is older goes with the next daily run",
    )
    .option("--raw-days <days>", "messages as they arrived, and the quarantine: 7 to 3650", daysFrom(7))
    .option(
      "--daily-days <days>",
      "reports that were understood, and their figures: 30 to 3650",
      daysFrom(30),
    )
    .option(...ACCOUNT)
    .action((options: Options) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const { rawDays, dailyDays } = options;
          let kept = await api.getAccountRetention();
          if (rawDays !== undefined || dailyDays !== undefined)
            kept = await api.setAccountRetention({
              body: { rawDays: rawDays ?? kept.rawDays, dailyDays: dailyDays ?? kept.dailyDays },
            });
          const text = `Raw messages are kept ${kept.rawDays} days, reports and totals ${kept.dailyDays} days${kept.isDefault ? " (the default)" : ""}.\n`;
          return { json: kept, text };
        }),
      ),
    );
}

function daysFrom(fewest: number) {
  return (text: string): number => {
    const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
    if (days >= fewest && days <= MOST_DAYS) return days;
    throw new InvalidArgumentError(`It must be a whole number of days, ${fewest} to ${MOST_DAYS}.`);
  };
}

const MOST_DAYS = 3_650;
