import type { Schemas } from "@waxseal/client";
import { healthWord } from "@waxseal/contract/health-words";

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

/** A list of domains for a terminal, one a line. */
export function formatDomainList(items: readonly Schemas["DomainSummary"][]): string {
  if (items.length === 0) return "No domains.\n";
  const width = Math.max(...items.map(({ domain }) => domain.length));
  return items
    .map((row) => `${row.domain.padEnd(width)}  ${healthWord(row).padEnd(15)}  ${row.sentence}\n`)
    .join("");
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
