import { open } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { type Schemas, WaxsealError } from "@waxseal/client";
import { AppError } from "@waxseal/core/app-error";
import { type DomainLine, readDomainLines } from "@waxseal/core/onboarding";
import { explainDatabaseError } from "@waxseal/db";
import type { CustomerApi } from "./customer-api.ts";
import { openProgressBar } from "./open-progress-bar.ts";
import type { Outcome, Terminal } from "./terminal.ts";

type Input = {
  /** As named on the command line. */
  domains: readonly string[];
  /** A list or CSV file, `-` for standard input. */
  file?: string | undefined;
  createCustomers?: boolean | undefined;
  /** Refuses what is probably a mistake. */
  ask?: boolean | undefined;
};

/** What became of one line; `line` is null for a domain named on the command line. */
type AddedLine = Schemas["BulkAdded"]["items"][number] & { line: number | null };

type Line = Pick<DomainLine, "domain" | "customer" | "problem"> & { line: number | null };

const MAX_LIST_BYTES = 4 * 1024 * 1024;
const MAX_LINES = 10_000;
/** As many as one call takes. */
const BATCH = 25;

/**
 * Adds the domains of a command line, a file or standard input as POST /domains/bulk does, and says of each line what became of it.
 * Refused lines keep no others away; the outcome has failed when there is one.
 * @throws AppError `invalid` – there is no such file, or nothing in it; `limit_reached` – more than 10,000 lines
 */
export async function addDomainList(
  api: Pick<CustomerApi, "addDomainsInBulk">,
  input: Input,
  terminal: Terminal,
): Promise<Outcome> {
  const named = input.domains.map((domain) => ({ line: null, domain, customer: null, problem: null }));
  const listed = input.file === undefined ? [] : readDomainLines(await readList(input.file, terminal));
  const lines: Line[] = [...named, ...listed];
  if (lines.length === 0) throw new AppError("invalid", "There is no domain in that list.");
  if (lines.length > MAX_LINES)
    throw new AppError("limit_reached", "A list has at most 10,000 lines.", { reason: "too_large" });

  const added: AddedLine[] = [];
  const bar = openProgressBar(terminal.progress, lines.length, "lines");
  try {
    for (let start = 0; start < lines.length; start += BATCH) {
      const batch = lines.slice(start, start + BATCH);
      added.push(...(await addBatch(api, batch, input)));
      bar.advance(batch.length);
    }
  } catch (error) {
    // What was added is printed all the same; sending the list again goes on from there.
    if (added.length === 0) throw error;
    const said =
      error instanceof AppError || error instanceof WaxsealError
        ? error.message
        : (explainDatabaseError(error) ?? "Something went wrong on our side.");
    added.push(...lines.slice(added.length).map((line) => refuse(line, `Not tried. ${said}`)));
  } finally {
    bar.stop();
  }
  return present(added);
}

async function addBatch(
  api: Pick<CustomerApi, "addDomainsInBulk">,
  batch: readonly Line[],
  { createCustomers, ask }: Input,
): Promise<AddedLine[]> {
  const items = batch.flatMap(({ domain, customer, problem }) =>
    problem === null ? [{ domain, customer }] : [],
  );
  const results =
    items.length === 0
      ? [].values()
      : (await api.addDomainsInBulk({ body: { items, createCustomers, ask } })).items.values();
  return batch.map((line) => {
    const result = line.problem === null ? results.next().value : undefined;
    return result ? { line: line.line, ...result } : refuse(line, line.problem);
  });
}

function refuse({ line, domain, customer }: Line, problem: string | null): AddedLine {
  const nothing = { accountId: null, domainId: null, setup: [] };
  return { line, domain, customer, outcome: "refused", reason: "invalid_input", problem, ...nothing };
}

async function readList(file: string, { cwd, stdin }: Terminal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of file === "-"
    ? stdin
    : openFile(isAbsolute(file) ? file : join(cwd, file), file)) {
    bytes += chunk.length;
    if (bytes > MAX_LIST_BYTES)
      throw new AppError("limit_reached", "A list has at most 4 MB.", { reason: "too_large" });
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function* openFile(path: string, shown: string): AsyncGenerator<Buffer> {
  const file = await open(path).catch((cause: unknown) => {
    throw new AppError("invalid", `There is no file ${shown}.`, { cause });
  });
  for await (const chunk of file.createReadStream()) yield chunk;
}

function present(added: readonly AddedLine[]): Outcome {
  const count = (outcome: AddedLine["outcome"]) => added.filter((line) => line.outcome === outcome).length;
  const width = Math.max(...added.map(({ domain }) => domain.length));
  const rows = added.map(({ line, domain, customer, outcome, problem }) => {
    const place = line === null ? "" : `line ${line}: `;
    const end = [outcome, customer && `for ${customer}`, problem].filter(Boolean).join("  ");
    return `${place}${domain.padEnd(width)}  ${end}\n`;
  });
  const summary = `${count("added")} added, ${count("present")} there already, ${count("refused")} refused\n`;
  return { json: added, text: `${rows.join("")}${summary}`, failed: count("refused") > 0 };
}
