import type { Schemas } from "@waxseal/client";
import { formatDay } from "@waxseal/contract/format-instant";
import { formatFixOwner, formatMonth } from "@waxseal/contract/monthly-words";
import { AppError } from "@waxseal/core/app-error";
import { type Command, Option } from "commander";
import type { Run } from "./run-cli.ts";
import { ACCOUNT, type AccountOption, findNamedDomain, withApi } from "./with-api.ts";

type ShowOptions = AccountOption & { month?: string; domain?: string; format?: "csv" | "json" | "html" };

/** `report monthly`, and who gets it by mail: `report monthly-mail list`, `add`, `remove` and `customers`. */
export function monthlyCommands(report: Command, run: Run): void {
  report
    .command("monthly")
    .description("show the monthly report of the account, or of one domain")
    .option(...ACCOUNT)
    .option("--month <month>", "a month of UTC days, such as 2026-11; the last complete one unless given")
    .option("--domain <name>", "only this domain")
    .addOption(
      new Option("--format <format>", "print a file instead; html can be printed or passed on").choices([
        "csv",
        "json",
        "html",
      ]),
    )
    .action(({ month, domain, format, ...options }: ShowOptions) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          if (month !== undefined && !/^20\d\d-(0[1-9]|1[0-2])$/.test(month))
            throw new AppError("invalid", "A month is written as 2026-11.");
          const domainId = domain === undefined ? undefined : (await findNamedDomain(api, domain)).id;
          const query = { month, domainId };
          if (format) {
            const text = await (await api.getMonthlyReportExport({ query: { ...query, format } })).text();
            return { json: { text }, text };
          }
          const json = await api.getMonthlyReport({ query });
          return { json, text: formatReport(json) };
        }),
      ),
    );
  const mail = report.command("monthly-mail").description("who gets the monthly report by mail");
  mail
    .command("list")
    .description("the addresses, and when the next report is mailed")
    .option(...ACCOUNT)
    .action((options: AccountOption) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const json = await api.listMonthlyReportRecipients();
          return { json, text: formatRecipients(json) };
        }),
      ),
    );
  mail
    .command("add <email>")
    .description("mail the report to an address on the third of each month")
    .option(...ACCOUNT)
    .action((email: string, options: AccountOption) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const json = await api.createMonthlyReportRecipient({ body: { email } });
          return { json, text: `${formatRecipient(json)}\n` };
        }),
      ),
    );
  mail
    .command("remove <email>")
    .description("mail the report no longer to an address")
    .option(...ACCOUNT)
    .action((email: string, options: AccountOption) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const { items } = await api.listMonthlyReportRecipients();
          const found = items.find((item) => item.email === email.toLowerCase());
          if (!found) throw new AppError("not_found", `The report is not mailed to ${email}.`);
          await api.deleteMonthlyReportRecipient({ path: { id: found.id } });
          return { json: { id: found.id }, text: `The report is no longer mailed to ${found.email}.\n` };
        }),
      ),
    );
  mail
    .command("customers")
    .argument("<on or off>")
    .description("mail each customer's report to its owners, or stop that")
    .option(...ACCOUNT)
    .action((state: string, options: AccountOption) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          if (state !== "on" && state !== "off") throw new AppError("invalid", "Write on or off.");
          const json = await api.setMonthlyReportCustomers({ body: { toCustomers: state === "on" } });
          return { json, text: formatRecipients(json) };
        }),
      ),
    );
}

function formatReport(report: Schemas["MonthlyReport"]): string {
  const { about, month, from, to, totals, before, failures, customerFailures, customers, changes } = report;
  const lines = [
    `${about.name}, ${formatMonth(month)} (${formatDay(from)} to ${formatDay(to)}, UTC)`,
    `${shareOf(totals.successShare)}: ${totals.sessions} connections, ${totals.failedSessions} failed; ${totals.gapDays} days without a report`,
    `${shareOf(before.successShare)} in ${formatMonth(before.month)}`,
    ...titled(
      "What failed and who can fix it",
      failures.map(
        ({ title, mxHost, failedSessions, fixedBy, nextStep }) =>
          `${title} ${mxHost}: ${failedSessions}. ${formatFixOwner(fixedBy)}. ${nextStep}`,
      ),
    ),
    ...titled(
      "What failed at customers, and who can fix it",
      customerFailures.map(
        ({ customer, title, mxHost, failedSessions, fixedBy }) =>
          `${customer}: ${title} ${mxHost}: ${failedSessions}. ${formatFixOwner(fixedBy)}.`,
      ),
    ),
    ...titled(
      "Customers",
      customers.map(
        ({ name, sessions, failedSessions, successShare }) =>
          `${name}: ${shareOf(successShare)}, ${sessions} connections, ${failedSessions} failed`,
      ),
    ),
    ...titled("What changed", changes),
  ];
  return `${lines.join("\n")}\n`;
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function shareOf(share: number | null): string {
  return share === null ? "No reports" : `${(Math.floor(share * 1_000) / 10).toFixed(1)}% successful`;
}

function formatRecipients({ items, toCustomers }: Schemas["MonthlyRecipientList"]): string {
  const lines = items.map((item) => `${formatRecipient(item)}\n`);
  const own = lines.join("") || "The report is mailed to no one.\n";
  return `${own}${toCustomers ? "The owners of each customer get its report.\n" : ""}`;
}

const STATES = {
  asked: "waits until its owner opens the link that was mailed to it",
  active: "gets the next report",
  stopped: "was stopped by its owner",
} satisfies Record<Schemas["MonthlyRecipient"]["state"], string>;

function formatRecipient({ email, state, nextAt }: Schemas["MonthlyRecipient"]): string {
  return `${email} ${STATES[state]}${nextAt ? ` on ${formatDay(nextAt)}` : ""}`;
}
