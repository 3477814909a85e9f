import { API_KEY_SCOPES, type ApiKeyScope, type ApiKeyView } from "@waxseal/contract";
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
    scope: readScope(row.scope),
    createdBy: row.createdByName === null ? null : { id: row.createdById, name: row.createdByName },
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastRequest?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}

/** The scope a key was made with; a word that is none allows the least. */
export function readScope(text: string): ApiKeyScope {
  return API_KEY_SCOPES.find((scope) => scope === text) ?? "read";
}
