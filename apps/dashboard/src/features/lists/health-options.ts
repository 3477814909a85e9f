import { HEALTH_WORDS } from "@waxseal/contract/health-words";
import type { HealthFilter, HealthState } from "../../api/contract.ts";

const STATES = Object.keys(HEALTH_WORDS) as HealthState[];

/** What lists of domains can be narrowed to. */
export const HEALTH_OPTIONS = [
  { value: "", label: "Any health" },
  { value: "attention", label: "Needs attention" },
  ...STATES.map((value) => ({ value, label: HEALTH_WORDS[value] })),
];

/** A filter by health out of an address; undefined for what is none. */
export function readHealthFilter(value: unknown): HealthFilter | undefined {
  return (["attention", ...STATES] as const).find((candidate) => candidate === value);
}
