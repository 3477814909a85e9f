import type { Schemas } from "@waxseal/client";
import type { DomainStatus, HealthFilter, PolicyMode } from "@waxseal/contract";
import { formatInstant } from "@waxseal/contract/format-instant";
import { AppError } from "@waxseal/core/app-error";
import type { z } from "zod";
import { collectItems } from "./collect-items.ts";
import type { CustomerApi } from "./customer-api.ts";
import type { Outcome } from "./terminal.ts";

export type ManyOptions = {
  mode?: z.infer<typeof PolicyMode>;
  maxAge?: number;
  addMx?: string[];
  removeMx?: string[];
  query?: string;
  health?: HealthFilter;
  status?: z.infer<typeof DomainStatus>;
  tag?: string;
  all?: true;
  confirm?: number;
};

type Change = Schemas["PolicyChange"];
type Line = Schemas["PolicyLineList"]["items"][number];

const STEP_DOMAINS = 25;

/**
 * Changes the policies of all domains that match a filter, as “Select all” of the dashboard does. Without `confirm`, the number of
 * policies that would be changed, nothing is changed and the outcome says what would become of each domain.
 * @throws AppError `invalid` – no change, no filter or no match; `conflict` – another number than confirmed would be changed
 */
export async function changeManyPolicies(api: CustomerApi, options: ManyOptions): Promise<Outcome> {
  const { confirm } = options;
  const body = { filter: readFilter(options), edit: readEdit(options) };
  let change = await api.createPolicyChange({ body });
  const path = { id: change.id };
  const readLines = () => collectItems((cursor) => api.listPolicyChangeLines({ path, query: { cursor } }));
  if (confirm !== change.waiting) {
    const lines = await readLines();
    if (change.endedAt === null) await api.stopPolicyChange({ path });
    if (confirm !== undefined)
      throw new AppError(
        "conflict",
        `${countOf(change.waiting)} would be changed now, not ${confirm}. Nothing was changed. Look at the list again without --confirm.`,
        { reason: "selection_changed" },
      );
    return { json: present(change, lines, false), text: describePreview(change, lines) };
  }
  const wave = change.wave;
  while (change.endedAt === null && change.wave === wave)
    change = await api.continuePolicyChange({ path, body: { limit: STEP_DOMAINS } });
  const lines = await readLines();
  return {
    json: present(change, lines, true),
    text: describeResult(change, lines),
    failed: change.applied + change.waiting < (confirm ?? 0),
  };
}

function readFilter({ query: q, health, status, tag, all }: ManyOptions) {
  const isFiltered = [q, health, status, tag].some((value) => value !== undefined);
  if (isFiltered === (all === true))
    throw new AppError(
      "invalid",
      "Choose domains with --query, --tag, --health or --status, or all of them with --all.",
    );
  return { q, health, status, tag };
}

function readEdit({ mode, maxAge: maxAgeSeconds, addMx = [], removeMx = [] }: ManyOptions) {
  const isEmpty = mode === undefined && maxAgeSeconds === undefined && addMx.length + removeMx.length === 0;
  if (isEmpty || Math.max(addMx.length, removeMx.length) > 10) {
    const text =
      "Say what to change with --mode, --max-age, --add-mx or --remove-mx (at most ten hosts each).";
    throw new AppError("invalid", text);
  }
  return { mode, maxAgeSeconds, addMx, removeMx };
}

const present = ({ id, ...change }: Change, lines: readonly Line[], changed: boolean) => ({
  changeId: id,
  changed,
  ...change,
  lines: lines.map(({ domain, customer, state, reason, wave }) => ({
    domain,
    customer,
    state,
    reason,
    wave,
  })),
});

const countOf = (count: number) => (count === 1 ? "1 policy" : `${count} policies`);

const WORDS = {
  waiting: "would change",
  applied: "changed",
  unchanged: "as wanted",
  refused: "refused",
  stopped: "not changed",
} satisfies Record<Line["state"], string>;

function listLines(lines: readonly Line[]): string {
  return lines
    .map(({ domain, customer, state, reason }) => {
      const name = customer === null ? domain : `${domain} (${customer})`;
      return `  ${WORDS[state].padEnd(12)}  ${name}${reason === null ? "" : `: ${reason}`}\n`;
    })
    .join("");
}

function describePreview(
  { domains, waiting, unchanged, refused, enforcing, waves }: Change,
  lines: readonly Line[],
): string {
  const inWaves = waves > 1 ? `, in ${waves} waves at least a day apart` : "";
  const begin = enforcing > 0 ? ` (${enforcing} with mode enforce${inWaves})` : "";
  const next =
    waiting > 0 ? `Nothing was changed. To change them, repeat this with --confirm ${waiting}.\n` : "";
  return `${domains} domains match: ${countOf(waiting)} would be changed${begin}, ${unchanged} are as wanted, ${refused} are refused.\n${listLines(lines)}${next}`;
}

function describeResult(
  { applied, waiting, refused, haltReason, nextWaveAt, wave, waves }: Change,
  lines: readonly Line[],
): string {
  const later =
    waiting > 0 && nextWaveAt !== null
      ? `${countOf(waiting)} follow automatically; wave ${wave + 1} of ${waves} begins on ${formatInstant(new Date(nextWaveAt))}.\n`
      : "";
  const halt = haltReason === null ? "" : `Stopped: ${haltReason}\n`;
  const said = lines.filter(({ state }) => state === "refused" || state === "stopped");
  return `${countOf(applied)} changed, ${refused} refused. Senders see each change within seconds.\n${later}${halt}${listLines(said)}`;
}
