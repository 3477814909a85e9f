import type { ApiKeyView } from "@waxseal/contract";
import type { Apikey } from "@waxseal/db";
import type { z } from "zod";

/** An API key as shown: never the key or its hash. */
export type ApiKey = z.infer<typeof ApiKeyView>;

/** The row of an API key as it is shown. */
export function presentApiKey(row: Apikey): ApiKey {
  return {
    id: row.id,
    name: row.name ?? "",
    start: row.start,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastRequest?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}
