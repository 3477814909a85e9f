import { Readable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { eachItem, OPERATIONS } from "@waxseal/client";
import { AppError } from "@waxseal/core/app-error";
import type { Command } from "commander";
import { findRemote } from "./find-remote.ts";
import type { Run } from "./run-cli.ts";
import type { Outcome, Terminal } from "./terminal.ts";
import { type AccountOption, openRemoteApi } from "./with-api.ts";

type Options = AccountOption & { body?: string; all?: true };
type Fields = Record<string, string>;
type Send = (input: { path: Fields; query: Fields; body: unknown }) => Promise<unknown>;

/** `api`: every operation of the API, also those without a command of their own. */
export function apiCommand(program: Command, run: Run): void {
  program
    .command("api [operation] [field=value...]")
    .description("any operation of the API by its name, such as listMembers; alone: their names")
    .option("--body <json>", "what is sent; - reads it from standard input")
    .option("--all", "of a list all pages")
    .option("--account <id or name>", "the account; needed when there are several")
    .addHelpText(
      "after",
      `
Examples:
  waxseal api listMembers --all
  waxseal api listDomainEvents id=0195a0c1-1234-7abc-8def-0123456789ab limit=10
  waxseal api createInvitation --body '{"email":"ada@example.com","role":"viewer"}'`,
    )
    .action((operation: string | undefined, fields: string[], options: Options) =>
      run((terminal) =>
        operation === undefined ? listOperations() : call(terminal, operation, fields, options),
      ),
    );
}

async function listOperations(): Promise<Outcome> {
  const rows = Object.entries(OPERATIONS).map(([name, place]) => `${name.padEnd(28)}  ${place}\n`);
  return { json: OPERATIONS, text: rows.join("") };
}

async function call(
  terminal: Terminal,
  operation: string,
  given: readonly string[],
  options: Options,
): Promise<Outcome> {
  const place: string | undefined = Object.entries(OPERATIONS).find(([name]) => name === operation)?.[1];
  if (place === undefined)
    throw new AppError("not_found", `There is no operation ${operation}. \`waxseal api\` lists them.`);
  const remote = await findRemote(terminal);
  if (!remote) throw new AppError("invalid", "Name the API by --url, WAXSEAL_URL or `waxseal login`.");
  const functions: { [name: string]: unknown } = await openRemoteApi(terminal, remote, options.account);
  const send = functions[operation] as Send;
  const { path, query } = sortFields(place, given);
  const body = options.body === undefined ? undefined : await readBody(terminal, options.body);
  const answer = options.all
    ? await readPages((cursor) => send({ path, query: { ...query, ...(cursor && { cursor }) }, body }))
    : await send({ path, query, body });
  if (answer instanceof Response) {
    terminal.writeOut(await answer.text());
    return { json: {}, text: "", isWritten: true };
  }
  const json = Object(answer ?? {});
  return { json, text: answer === undefined ? "Done.\n" : `${JSON.stringify(json, null, 2)}\n` };
}

/** Fields that the path has a place for, and all others. */
function sortFields(place: string, given: readonly string[]): { path: Fields; query: Fields } {
  const path: Fields = {};
  const query: Fields = {};
  for (const field of given) {
    const [, name = "", value = ""] = /^(\w+)=(.*)$/s.exec(field) ?? [];
    if (name === "") throw new AppError("invalid", `Write ${field} as name=value.`);
    if (place.includes(`{${name}}`)) path[name] = value;
    else query[name] = value;
  }
  return { path, query };
}

async function readBody({ stdin }: Terminal, given: string): Promise<unknown> {
  const json = given === "-" ? await readAll(Readable.from(stdin)) : given;
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new AppError("invalid", "The body is not valid JSON.", { cause });
  }
}

type Page = { items: unknown[]; nextCursor: string | null };

/** The items of all pages. @throws AppError `invalid` – the answer is not a list */
async function readPages(getPage: (cursor: string | undefined) => Promise<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  const asPage = (answer: unknown): Page => {
    const { items, nextCursor } = Object(answer);
    if (!Array.isArray(items) || nextCursor === undefined)
      throw new AppError("invalid", "Its answer is not a list: leave out --all.");
    return { items, nextCursor };
  };
  for await (const item of eachItem(async (cursor) => asPage(await getPage(cursor)))) items.push(item);
  return items;
}
