import { z } from "zod";
import { DomainStatus, Id } from "./domain-shapes.ts";
import { HealthFilter } from "./health-shapes.ts";
import { TagFilter } from "./tag-filter.ts";

/** All domains that a filter of `GET /customers/domains` leaves, and some of them excepted. */
const byFilter = {
  filter: z
    .object({
      q: z.string().max(255).optional(),
      health: HealthFilter.optional(),
      status: DomainStatus.optional(),
      accountId: z.string().max(100).optional(),
      tag: TagFilter,
    })
    .optional(),
  exceptIds: z.array(Id).max(200).optional().describe("With a filter: all of its domains but these"),
  expected: z
    .int()
    .min(1)
    .optional()
    .describe("With a filter: how many domains were shown; if it is another number now, nothing is done"),
};

/** The fields that choose domains: some by `domainIds`, at most `max`, or all that a filter leaves. */
export function domainSelection(max: number) {
  return { domainIds: z.array(Id).min(1).max(max).optional(), ...byFilter };
}

type Selection = { domainIds?: unknown; filter?: unknown; exceptIds?: unknown; expected?: unknown };

/** Either domains or a filter, and what belongs to a filter only with one. */
export function isOneSelection({ domainIds, filter, exceptIds, expected }: Selection): boolean {
  if (filter === undefined)
    return domainIds !== undefined && exceptIds === undefined && expected === undefined;
  return domainIds === undefined;
}

/** The refusal of a body that {@link isOneSelection} finds wrong. */
export const ONE_SELECTION = { message: "Name either domainIds or a filter", path: ["domainIds"] };
