import { setTimeout as delay } from "node:timers/promises";
import type { Schemas } from "@waxseal/client";
import { DomainStatus, HealthFilter } from "@waxseal/contract";
import { AppError } from "@waxseal/core/app-error";
import { type Command, Option } from "commander";
import type { z } from "zod";
import { collectItems } from "./collect-items.ts";
import type { CustomerApi } from "./customer-api.ts";
import { formatDomain, formatDomainList } from "./format-domain.ts";
import { parseSeconds } from "./parse-seconds.ts";
import type { Run } from "./run-cli.ts";
import type { Outcome, Terminal } from "./terminal.ts";
import { ACCOUNT, type AccountOption, findNamedDomain, withApi } from "./with-api.ts";

type AddOptions = AccountOption & { file?: string; createCustomers?: boolean; yes?: boolean };

/** What happens to one domain. */
type Change = (api: CustomerApi, id: string) => Promise<Schemas["Domain"]>;

/** `domain add`, `list`, `show`, `check`, `wait`, `leave`, `restore` and `remove`. */
export function domainCommands(program: Command, run: Run): void {
  const domain = program.command("domain").description("domains and their set-up");
  const command = (name: string, description: string) =>
    domain
      .command(name)
      .description(description)
      .option(...ACCOUNT);
  const one = (name: string, description: string, change: Change) =>
    command(`${name} <domain>`, description).action((named: string, options: AccountOption) =>
      run((terminal) =>
        withApi(terminal, options, async (api) =>
          show(await change(api, (await findNamedDomain(api, named)).id)),
        ),
      ),
    );

  addCommand(command, run);
  command("list", "the account's domains, those that need attention first")
    .addOption(new Option("--status <status>").choices(DomainStatus.options))
    .addOption(
      new Option("--health <health>", "attention: all that need attention").choices(HealthFilter.options),
    )
    .option("-q, --query <text>", "part of the name")
    .option("--tag <tag>", "only domains with this tag")
    .option("--all", "also the domains of all customers")
    .addHelpText(
      "after",
      "\nExamples:\n  waxseal domain list --health attention\n  waxseal domain list --all --status pending --json",
    )
    .action((options: ListOptions) =>
      run((terminal) => withApi(terminal, options, (api) => list(api, options))),
    );
  one("show", "a domain, its setup and who has to act", (api, id) => api.getDomain({ path: { id } }));
  one("check", "look at its DNS now", (api, id) => api.checkDomain({ path: { id } }));
  one("restore", "turn MTA-STS on again while it is being turned off", (api, id) =>
    api.restoreDomain({ path: { id } }),
  );
  one("leave", "start the safe exit (RFC 8461 §8.3)", (api, id) => api.leaveDomain({ path: { id } }));
  command("remove <domain>", "delete a domain that was never served, or that has left, with its reports")
    .requiredOption("--confirm <domain>", "the domain again: this cannot be undone")
    .action((name: string, options: AccountOption & { confirm: string }) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const { id, domain } = await findNamedDomain(api, name);
          if (options.confirm.trim().toLowerCase() !== domain)
            throw new AppError("invalid", `Give --confirm ${domain} to delete it with its reports.`);
          await api.deleteDomain({ path: { id } });
          return { json: { domain, removed: true }, text: `${domain} is deleted. Its reports follow.\n` };
        }),
      ),
    );
  command("wait [domain...]", "wait until domains are active; exits 1 when one is not in time")
    .addOption(new Option("--until <status>").choices(["active", "left"]).default("active"))
    .option("--timeout <seconds>", "how long to wait", parseSeconds, 600)
    .option("--all", "every domain of the account and of its customers")
    .addHelpText(
      "after",
      "\nExamples:\n  waxseal domain wait example.com --until active\n  waxseal domain wait --all --timeout 3600",
    )
    .action((names: string[], options: WaitOptions, wait: Command) => {
      if ((names.length === 0) !== (options.all === true)) wait.error("error: name a domain, or --all");
      return run((terminal) =>
        withApi(terminal, options, (api) => waitFor(api, terminal, { names, ...options })),
      );
    });
}

function addCommand(command: (name: string, description: string) => Command, run: Run): void {
  const add = command(
    "add [domain...]",
    "add domains; of a single one the three CNAMEs to publish are printed, of several what became of each",
  )
    .option("--file <path>", "a list or CSV file (columns domain, customer), - for standard input")
    .option("--create-customers", "make the customers of the list that do not exist")
    .option("--yes", "also add a domain that does not exist, receives no mail or looks like a mistake")
    .addHelpText(
      "after",
      "\nExamples:\n  waxseal domain add example.com\n  waxseal domain add --file customers.csv --create-customers",
    );
  add.action((domains: string[], options: AddOptions) => {
    const [only, ...others] = domains;
    if (only === undefined && options.file === undefined) add.error("error: name a domain, or --file");
    return run((terminal) =>
      withApi(terminal, options, async (api) => {
        const ask = !options.yes;
        if (only !== undefined && others.length === 0 && options.file === undefined)
          return show(await api.createDomain({ body: { domain: only, ask } }));
        const { addDomainList } = await import("./add-domain-list.ts");
        return addDomainList(api, { domains, ...options, ask }, terminal);
      }),
    );
  });
}

function show(view: Schemas["Domain"]): Outcome {
  return { json: view, text: formatDomain(view) };
}

type WaitOptions = AccountOption & { until: string; timeout: number; all?: true };

const POLL_MS = 2_000;

async function waitFor(
  api: CustomerApi,
  { pause = delay }: Terminal,
  { names, until, timeout, all }: WaitOptions & { names: readonly string[] },
): Promise<Outcome> {
  const end = performance.now() + timeout * 1_000;
  const look = async (): Promise<Pick<Schemas["Domain"], "domain" | "status">[]> => {
    if (all) return listPortfolio(api, {});
    return Promise.all(names.map((name) => findNamedDomain(api, name)));
  };
  let rows = await look();
  const isThere = () => rows.every(({ status }) => status === until);
  while (!isThere() && performance.now() < end) {
    await pause(Math.max(0, Math.min(POLL_MS, end - performance.now())));
    rows = await look();
  }
  const lines = rows.map(({ domain, status }) =>
    status === until
      ? `${domain} is ${status}.\n`
      : `${domain} is still ${status} after ${timeout} seconds.\n`,
  );
  const found = rows.map(({ domain, status }) => ({ domain, status }));
  const [only] = found;
  const json = only && !all && names.length === 1 ? only : found;
  return { json, text: lines.join("") || "There is no domain to wait for.\n", failed: !isThere() };
}

type ListOptions = AccountOption & {
  status?: z.infer<typeof DomainStatus>;
  health?: HealthFilter;
  query?: string;
  tag?: string;
  all?: true;
};

async function list(api: CustomerApi, { query: q, status, health, tag, all }: ListOptions): Promise<Outcome> {
  const query = { q, status, health, tag };
  if (all) {
    const items = await listPortfolio(api, query);
    return { json: items, text: formatDomainList(items) };
  }
  const items = await collectItems((cursor) => api.listDomains({ query: { ...query, cursor, limit: 500 } }));
  return { json: items, text: formatDomainList(items) };
}

type Filter = { q?: string | undefined; status?: ListOptions["status"]; health?: ListOptions["health"] };

function listPortfolio(api: CustomerApi, query: Filter & { tag?: string | undefined }) {
  return collectItems((cursor) => api.getCustomersDomains({ query: { ...query, cursor, limit: 500 } }));
}
