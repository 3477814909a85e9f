import { EVENT_KINDS, type EventListQuery, type EventListView } from "@waxseal/contract";
import type { Event } from "@waxseal/db";
import type { z } from "zod";
import type { Context } from "../context.ts";
import { getDomain } from "../domains/get-domain.ts";
import { escapePattern } from "../escape-pattern.ts";
import { makePage, pageByTime, placeOfTime } from "../list-page.ts";
import { describeEvent } from "./describe-event.ts";

type EventView = z.infer<typeof EventListView>["items"][number];

/**
 * What happened in the account, or to one of its domains, newest first; with scope `customers` also in the account's customers.
 * @throws AppError `not_found` – no such domain in this account
 */
export async function listEvents(
  ctx: Context,
  query: z.infer<typeof EventListQuery>,
): Promise<z.infer<typeof EventListView>> {
  const { accountId, db } = ctx;
  const customers = query.scope === "customers" ? await loadCustomerNames(ctx) : undefined;
  if (query.domainId !== undefined) await getDomain(db, accountId, query.domainId);
  // Several events can share an instant (one transaction); ids are in time order, so (at, id) is a strict order.
  const { where, ...order } = pageByTime(query, "at", "desc");
  const rows = await db.event.findMany({
    where: {
      accountId: customers ? { in: [accountId, ...customers.keys()] } : accountId,
      kind: { in: matchKinds(query.kind) },
      ...(query.actor ? { actorName: { startsWith: escapePattern(query.actor), mode: "insensitive" } } : {}),
      at: { ...(query.from && { gte: query.from }), ...(query.to && { lt: query.to }) },
      ...(query.domainId === undefined ? {} : { domainId: query.domainId }),
      ...where,
    },
    ...order,
  });
  const { page, nextCursor } = makePage(rows, query, ({ at, id }) => placeOfTime(at, id));
  return {
    items: page.flatMap((row) => {
      const event = presentEvent(row);
      if (!event) return [];
      return customers ? { ...event, customer: customers.get(row.accountId) ?? null } : event;
    }),
    nextCursor,
  };
}

/** Names of the account's customers by id. */
async function loadCustomerNames({ accountId, db }: Context): Promise<ReadonlyMap<string, string>> {
  const rows = await db.organization.findMany({
    where: { parentId: accountId },
    select: { id: true, name: true },
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The kinds of that name, or of that first word; all without one. */
function matchKinds(kind: string | undefined): string[] {
  return EVENT_KINDS.filter((known) => !kind || known === kind || known.startsWith(`${kind}.`));
}

const ACTOR_KINDS = ["user", "apiKey", "job", "operator"] as const;

/** An event as the API shows it; undefined for a kind of another release. */
export function presentEvent(row: Event): EventView | undefined {
  const kind = EVENT_KINDS.find((known) => known === row.kind);
  if (!kind) return undefined;
  const data = isObject(row.data) ? row.data : {};
  return {
    id: row.id,
    at: row.at.toISOString(),
    kind,
    actor: { kind: ACTOR_KINDS.find((known) => known === row.actorKind) ?? "job", name: row.actorName },
    accountId: row.accountId,
    domainId: row.domainId,
    text: describeEvent(kind, data),
    data: { ...data },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
