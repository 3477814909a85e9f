import { HEALTH_WORDS } from "@waxseal/contract/health-words";
import type { HealthState } from "../../api/contract.ts";
import type { ChangeFilter } from "../../api/policy-changes.ts";

/** Which domains a change to many policies is about, out of its address: some, or what a filter leaves. */
export type ChangeSelection = { domainIds?: string } & ChangeFilter;

const STATUSES = ["pending", "active", "leaving", "left"] as const;
const STATES = Object.keys(HEALTH_WORDS) as HealthState[];
const HEALTHS = ["attention", ...STATES] as const;

/** What makes no sense in the address is left out. `domainIds` has commas between ids and goes before a filter. */
export function readChangeSelection(search: Record<string, unknown>): ChangeSelection {
  const read = (name: string, length: number) =>
    typeof search[name] === "string" ? search[name].slice(0, length) : "";
  const domainIds = read("domainIds", 40 * 1_000).replace(/[^\w,-]/g, "");
  if (domainIds) return { domainIds };
  const [q, accountId, tag] = [read("q", 255), read("accountId", 100), read("tag", 40)];
  const health = HEALTHS.find((candidate) => candidate === search.health);
  const status = STATUSES.find((candidate) => candidate === search.status);
  return {
    ...(q && { q }),
    ...(health && { health }),
    ...(status && { status }),
    ...(accountId && { accountId }),
    ...(tag && { tag }),
  };
}
