import { z } from "zod";
import { domainSelection, isOneSelection, ONE_SELECTION } from "./domain-selection.ts";
import { Id } from "./domain-shapes.ts";
import { MAX_PAGE, pageAnswer, pageQuery } from "./page-shapes.ts";

/** A word by which domains are found again: lower case, single spaces. */
const Tag = z
  .string()
  .max(200)
  .transform((text) => text.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim())
  .pipe(
    z
      .string()
      .min(1)
      .max(40)
      .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._:+/-]*$/u, "Letters, digits, spaces and . _ : + / - only"),
  );

const change = z.array(Tag).max(10).default([]);

/** `POST /domains/tags`: add and remove tags of domains of this account and its customers; by a filter of at most 10,000. */
export const TagBody = z
  .object({ ...domainSelection(200), add: change, remove: change })
  .refine(isOneSelection, ONE_SELECTION)
  .meta({ id: "TagChange" });

/** How many of the domains have other tags than before. */
export const TaggedView = z.object({ changed: z.int() }).meta({ id: "Tagged" });

/** `GET /tags` */
export const TagQuery = z.object({
  scope: z.enum(["own", "all"]).default("own").describe("all: also those of the customers' domains"),
  ...pageQuery(MAX_PAGE),
});

/** The tags in use, by name, each with how many domains have it. */
export const TagListView = z
  .object({ items: z.array(z.object({ tag: z.string(), domains: z.int() })), ...pageAnswer })
  .meta({ id: "TagList" });

/** The list a filter belongs to: the account's domains, or those of all its customers. */
export const SavedFilterPage = z.enum(["domains", "portfolio"]);

/** `POST /saved-filters` */
export const SavedFilterBody = z
  .object({
    page: SavedFilterPage,
    name: z.string().trim().min(1).max(60),
    search: z
      .record(z.string().max(32), z.string().max(255))
      .refine((search) => Object.keys(search).length <= 8, "At most 8 parts")
      .describe("The search part of the page's address"),
  })
  .meta({ id: "NewSavedFilter" });

/** A filter that all members of the account open by name. */
export const SavedFilterView = z
  .object({
    id: Id,
    page: SavedFilterPage,
    name: z.string(),
    search: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
  })
  .meta({ id: "SavedFilter" });

/** `GET /saved-filters` */
export const SavedFilterListView = z
  .object({ items: z.array(SavedFilterView), ...pageAnswer })
  .meta({ id: "SavedFilterList" });
