import type { DomainPreviewView } from "@waxseal/contract";
import type { z } from "zod";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { requirePermission } from "../require-permission.ts";
import { normalizeDomainInput } from "./normalize-domain-input.ts";

type Line = z.infer<typeof DomainPreviewView>["items"][number];

const MAX_LINES = 1_000;

/**
 * What adding each line of a pasted list or CSV file would do: the domain it means, or why it is refused. Nothing is
 * added. The first column counts; empty lines and a first line that only names the columns are left out.
 * @throws AppError `forbidden`; `limit_reached` – more than 1,000 lines
 */
export async function previewDomains(
  ctx: Context,
  input: { text: string },
  deps: { settings: { hostedZone: string } },
): Promise<z.infer<typeof DomainPreviewView>> {
  requirePermission(ctx, "domains.change");
  const lines = input.text
    .split(/\r\n|\r|\n/)
    .map((text, index) => ({ line: index + 1, text: firstCell(text) }))
    .filter(({ text }) => text !== "")
    .filter(({ text }, index) => index > 0 || !/^(?:domain|domains|name)$/i.test(text));
  if (lines.length > MAX_LINES) throw new AppError("limit_reached", "A list has at most 1,000 lines.");
  const read = lines.map(({ line, text }): Line => {
    const meant = normalizeDomainInput(text, deps.settings);
    const shown = text.slice(0, 255);
    return meant.ok
      ? { line, text: shown, domain: meant.domain, problem: null }
      : { line, text: shown, domain: null, problem: meant.problem };
  });
  const here = await listPresent(ctx, read);
  const firstLines = new Map<string, number>();
  const items = read.map((item) => {
    if (item.domain === null) return item;
    const first = firstLines.get(item.domain);
    firstLines.set(item.domain, first ?? item.line);
    if (first !== undefined) return { ...item, problem: `The same domain as in line ${first}.` };
    return here.has(item.domain) ? { ...item, problem: "Already in this account." } : item;
  });
  return { items };
}

async function listPresent(ctx: Context, lines: readonly Line[]): Promise<Set<string>> {
  const rows = await ctx.db.domain.findMany({
    where: {
      accountId: ctx.accountId,
      domain: { in: lines.flatMap(({ domain }) => domain ?? []) },
      status: { not: "left" },
    },
    select: { domain: true },
  });
  return new Set(rows.map(({ domain }) => domain));
}

/** The first cell of a CSV line, with comma, semicolon or tab between cells, quoted or not. */
function firstCell(line: string): string {
  const trimmed = line.replace(/^\uFEFF/, "").trim();
  const quoted = /^"((?:[^"]|"")*)"/.exec(trimmed);
  return (quoted ? (quoted[1] ?? "").replaceAll('""', '"') : (trimmed.split(/[,;\t]/)[0] ?? "")).trim();
}
