import type { IncidentListView } from "@waxseal/contract";
import { formatInstant } from "@waxseal/contract/format-instant";
import { AppError, type Context } from "@waxseal/core";
import { acknowledgeIncident, listIncidents, snoozeIncident } from "@waxseal/core/alerting";
import { getAlertExplanation } from "@waxseal/core/domain-views";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { Command } from "commander";
import type { z } from "zod";
import type { Run } from "./run-cli.ts";
import { type AccountOption, getNamedDomain, withAccount } from "./with-account.ts";

type Incident = z.infer<typeof IncidentListView>["items"][number];

const ACCOUNT = ["--account <id or name>", "the account; needed when there are several"] as const;
const STATES = { open: "ALERT", pending: "pending", clear: "fine", unknown: "unknown", off: "off" };

/** `alert list`, `ack`, `snooze` and `explain`. */
export function alertCommands(program: Command, run: Run): void {
  const alert = program.command("alert").description("what is wrong, one entry for each cause");
  alert
    .command("list")
    .description("alerts that are open, newest first")
    .option(...ACCOUNT)
    .option("--all", "also those that are over")
    .action((options: AccountOption & { all?: true }) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx) => {
          const items = await listAll(ctx, options.all ? "all" : "open");
          return { json: items, text: items.map(line).join("") || "No alert is open.\n" };
        }),
      ),
    );
  alert
    .command("ack <alert>")
    .description("acknowledge an alert by its id: no more reminders")
    .option(...ACCOUNT)
    .action((incidentId: string, options: AccountOption) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx) => {
          const after = await acknowledgeIncident(ctx, { incidentId: readId(incidentId) });
          return { json: after, text: `Acknowledged: ${after.title}.\n` };
        }),
      ),
    );
  alert
    .command("snooze <alert>")
    .description("hold back reminders and further domains of an alert")
    .option(...ACCOUNT)
    .option("--days <number>", "for how long, at most 30", "1")
    .action((incidentId: string, { days, ...options }: AccountOption & { days: string }) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx) => {
          const ms = Number(days) * DAY_MS;
          if (!(ms > 0 && ms <= 30 * DAY_MS)) throw new AppError("invalid", "Give --days from 1 to 30.");
          const nowMs = ctx.now().getTime();
          const until = new Date(nowMs + ms);
          const after = await snoozeIncident(ctx, {
            incidentId: readId(incidentId),
            until: until.toISOString(),
          });
          return { json: after, text: `Snoozed until ${formatInstant(until)}: ${after.title}.\n` };
        }),
      ),
    );
  alert
    .command("explain <domain>")
    .description(
      "for everything that is watched: what was looked at, the threshold, and why it is or is not an alert",
    )
    .option(...ACCOUNT)
    .action((name: string, options: AccountOption) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx) => {
          const { id } = await getNamedDomain(ctx, name);
          const view = await getAlertExplanation(ctx, { domainId: id });
          const text = view.items
            .map(({ state, title, subject, why, looked, threshold, lookedAt }) =>
              [
                `${STATES[state].padEnd(8)} ${title}${subject ? `: ${subject}` : ""}`,
                `         ${why}`,
                ...(looked
                  ? [`         Looked at: ${looked}${lookedAt ? ` (${formatInstant(lookedAt)})` : ""}`]
                  : []),
                `         Alert when: ${threshold}`,
                "",
              ].join("\n"),
            )
            .join("\n");
          return { json: view, text };
        }),
      ),
    );
}

async function listAll(ctx: Context, state: "open" | "all"): Promise<Incident[]> {
  const items: Incident[] = [];
  let cursor: string | undefined;
  do {
    const page = await listIncidents(ctx, { state, cursor });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

function line({ id, severity, title, openedAt, resolvedAt, domainCount, acknowledgedBy }: Incident): string {
  const more = [
    `since ${formatInstant(openedAt)}`,
    ...(resolvedAt ? [`over ${formatInstant(resolvedAt)}`] : []),
    ...(domainCount > 1 ? [`${domainCount} domains`] : []),
    ...(acknowledgedBy ? [`acknowledged by ${acknowledgedBy}`] : []),
  ];
  return `${id}  ${severity.padEnd(8)}  ${title} (${more.join(", ")})\n`;
}

/** @throws AppError `not_found` – what is no id cannot be one */
function readId(text: string): string {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text;
  throw new AppError("not_found", "There is no such alert. `waxseal alert list` shows the ids.");
}
