import { HEALTH_WORDS } from "@waxseal/contract/health-words";
import type { HealthState } from "../../api/contract.ts";
import type { ChangeFilter } from "../../api/policy-changes.ts";

/** Which domains a change to many policies is about, out of its address: some, or what a filter leaves but some, and how many were seen. */
export type ChangeSelection = { domainIds?: string; exceptIds?: string; expected?: string } & ChangeFilter;

const STATUSES = ["pending", "active", "leaving", "left"] as const;
const STATES = Object.keys(HEALTH_WORDS) as HealthState[];
const HEALTHS = ["attention", ...STATES] as const;

/** What makes no sense in the address is left out. `domainIds` has commas between ids and goes before a filter. */
export function readChangeSelection(search: Record<string, unknown>): ChangeSelection {
  const read = (name: string, length: number) =>
    typeof search[name] === "string" ? search[name].slice(0, length) : "";
  const readIds = (name: string) => read(name, 40 * 1_000).replace(/[^\w,-]/g, "");
  const domainIds = readIds("domainIds");
  if (domainIds) return { domainIds };
  // The router reads a number out of the address.
  const expected = String(search.expected ?? "");
  const [q, accountId, tag] = [read("q", 255), read("accountId", 100), read("tag", 40)];
  const health = HEALTHS.find((candidate) => candidate === search.health);
  const status = STATUSES.find((candidate) => candidate === search.status);
  return {
    ...(q && { q }),
    ...(health && { health }),
    ...(status && { status }),
    ...(accountId && { accountId }),
    ...(tag && { tag }),
    ...(readIds("exceptIds") && { exceptIds: readIds("exceptIds") }),
    ...(/^[1-9]\d{0,8}$/.test(expected) && { expected }),
  };
}
