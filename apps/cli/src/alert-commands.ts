import type { Schemas } from "@waxseal/client";
import { formatInstant } from "@waxseal/contract/format-instant";
import { AppError } from "@waxseal/core/app-error";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import type { Command } from "commander";
import { collectItems } from "./collect-items.ts";
import type { Run } from "./run-cli.ts";
import { ACCOUNT, type AccountOption, findNamedDomain, withApi } from "./with-api.ts";

type Incident = Schemas["IncidentList"]["items"][number];

/** Largest difference to the server's clock that is allowed for. */
const CLOCK_SKEW_MS = 5 * 60_000;
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
        withApi(terminal, options, async (api) => {
          const state = options.all ? "all" : "open";
          const items = await collectItems((cursor) =>
            api.listIncidents({ query: { state, cursor, limit: 500 } }),
          );
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
        withApi(terminal, options, async (api) => {
          const after = await api.acknowledgeIncident({ path: { id: readId(incidentId) } });
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
        withApi(terminal, options, async (api) => {
          const ms = Number(days) * DAY_MS;
          if (!(ms > 0 && ms <= 30 * DAY_MS)) throw new AppError("invalid", "Give --days from 1 to 30.");
          // The server's clock decides: by a clock that is fast, 30 days would be too long.
          const nowMs = terminal.now().getTime();
          const until = new Date(nowMs + Math.min(ms, 30 * DAY_MS - CLOCK_SKEW_MS));
          const after = await api.snoozeIncident({
            path: { id: readId(incidentId) },
            body: { until: until.toISOString() },
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
        withApi(terminal, options, async (api) => {
          const { id } = await findNamedDomain(api, name);
          const view = await api.getDomainConditions({ path: { id } });
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
