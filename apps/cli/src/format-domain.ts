import type { Schemas } from "@waxseal/client";
import { formatDay } from "@waxseal/contract/format-instant";
import { healthWord, MX_WORDS } from "@waxseal/contract/health-words";

/** A domain for a terminal: how it is doing, the CNAMEs with their states, the policy. */
export function formatDomain(view: Schemas["Domain"]): string {
  const width = Math.max(...view.setup.map(({ name }) => name.length));
  const records = view.setup.map(
    ({ name, target, state, seen }) =>
      `  ${name.padEnd(width)}  CNAME  ${target}  ${state}${state === "wrong" && seen ? ` (${seen})` : ""}`,
  );
  const { policy } = view;
  const policyLine = policy
    ? `  mode ${policy.mode}, max_age ${policy.maxAgeSeconds}, mx ${policy.mx.join(", ")} (version ${policy.version}, ${policy.state})`
    : "  none";
  const problems = view.mx.flatMap(({ problem }) => (problem === null ? [] : [`  ${problem}`]));
  const mxLines = problems.length > 0 ? ["", "Mail hosts that no policy may list", ...problems] : [];
  return `${[`${view.domain}  ${healthWord(view)}`, view.sentence, "", ...records, "", "Policy", policyLine, ...mxLines].join("\n")}\n`;
}

const LIST_TITLES = [
  "Domain",
  "Mode",
  "Health",
  "Successful",
  "Sessions",
  "Last report",
  "Certificate",
  "Mail hosts",
];

/** A list of domains for a terminal: the columns of the dashboard's list with the figures of 14 days, each with its sentence below. */
export function formatDomainList(items: readonly Schemas["DomainSummary"][]): string {
  if (items.length === 0) return "No domains.\n";
  const rows = [LIST_TITLES, ...items.map(listCells)];
  const widths = LIST_TITLES.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines
    .map((line, place) => `${line}\n${place === 0 ? "" : `  ${items[place - 1]?.sentence}\n`}`)
    .join("");
}

function listCells(row: Schemas["DomainSummary"]): string[] {
  const { domain, mode, reports, certificateNotAfter, mxState } = row;
  const share = reports?.successShare ?? null;
  return [
    domain,
    mode ?? "-",
    healthWord(row),
    share === null ? "-" : `${(Math.floor(share * 1_000) / 10).toFixed(1)}%`,
    reports ? reports.sessions.toLocaleString("en-US") : "-",
    reports?.lastDay ? formatDay(reports.lastDay) : "-",
    certificateNotAfter ? formatDay(certificateNotAfter) : "-",
    MX_WORDS[mxState],
  ];
}

type Sheet = Pick<Schemas["Domain"], "domain"> & {
  readonly setup: readonly Pick<Schemas["Domain"]["setup"][number], "name" | "target" | "state">[];
};

/** The CNAMEs to publish, by domain. */
export function formatInstructions(items: readonly Sheet[]): string {
  if (items.length === 0) return "Every CNAME is published.\n";
  const width = Math.max(...items.flatMap(({ setup }) => setup.map(({ name }) => name.length)), 0);
  return items
    .map(({ domain, setup }) => {
      const lines = setup.map(
        ({ name, target, state }) => `  ${name.padEnd(width)}  CNAME  ${target}  ${state}\n`,
      );
      return `${domain}\n${lines.join("")}`;
    })
    .join("\n");
}
