import { setTimeout as delay } from "node:timers/promises";
import { DomainStatus, type DomainSummaryView, HealthFilter } from "@waxseal/contract";
import { AppError, type Context } from "@waxseal/core";
import { presentDomain } from "@waxseal/core/domain-views";
import { checkDomainMx, findMailSign } from "@waxseal/core/domains";
import {
  addNamedDomain,
  checkDomain,
  leaveDomain,
  removeDomain,
  restoreDomain,
} from "@waxseal/core/onboarding";
import { listDomains } from "@waxseal/core/portfolio";
import type { Domain } from "@waxseal/db";
import { type Command, Option } from "commander";
import type { z } from "zod";
import { addDomainList } from "./add-domain-list.ts";
import { formatDomain, formatDomainList } from "./format-domain.ts";
import type { Installation } from "./open-installation.ts";
import { parseSeconds } from "./parse-seconds.ts";
import type { Run } from "./run-cli.ts";
import type { Outcome } from "./terminal.ts";
import { type AccountOption, getNamedDomain, withAccount } from "./with-account.ts";

type AddOptions = AccountOption & { file?: string; createCustomers?: boolean; yes?: boolean };

const ACCOUNT = ["--account <id or name>", "the account; needed when there are several"] as const;

/** `domain add`, `list`, `show`, `check`, `leave`, `restore` and `remove`. */
export function domainCommands(program: Command, run: Run): void {
  const domain = program.command("domain").description("domains and their set-up");
  const command = (name: string, description: string) =>
    domain
      .command(name)
      .description(description)
      .option(...ACCOUNT);

  const add = command(
    "add [domain...]",
    "add domains; of a single one the three CNAMEs to publish are printed, of several what became of each",
  )
    .option("--file <path>", "a list or CSV file (columns domain, customer), - for standard input")
    .option("--create-customers", "make the customers of the list that do not exist")
    .option("--yes", "also add a domain that does not exist, receives no mail or looks like a mistake");
  add.action((domains: string[], options: AddOptions) => {
    const [only, ...others] = domains;
    if (only === undefined && options.file === undefined) add.error("error: name a domain, or --file");
    return run((terminal) =>
      withAccount(terminal, options, async (ctx, installation) => {
        const resolver = installation.resolver();
        const settings = installation.hosting();
        const deps = {
          settings,
          lookUpMx: (text: string) => checkDomainMx(resolver, text),
          findMailSign: (text: string) => findMailSign(resolver, text),
        };
        const ask = !options.yes;
        if (only !== undefined && others.length === 0 && options.file === undefined)
          return show(ctx, installation, await addNamedDomain(ctx, { domain: only, ask }, deps));
        return addDomainList(ctx, { domains, ...options, ask }, deps, terminal);
      }),
    );
  });
  command("list", "the account's domains, those that need attention first")
    .addOption(new Option("--status <status>").choices(DomainStatus.options))
    .addOption(
      new Option("--health <health>", "attention: all that need attention").choices(HealthFilter.options),
    )
    .option("-q, --query <text>", "part of the name")
    .action((options: ListOptions) =>
      run((terminal) => withAccount(terminal, options, (ctx) => list(ctx, options))),
    );
  command("show <domain>", "a domain, its setup and who has to act").action(
    (name: string, options: AccountOption) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx, installation) =>
          show(ctx, installation, await getNamedDomain(ctx, name)),
        ),
      ),
  );
  command("check <domain>", "look at its DNS now").action((name: string, options: AccountOption) =>
    run((terminal) =>
      withAccount(terminal, options, async (ctx, installation) => {
        const { id } = await getNamedDomain(ctx, name);
        const deps = { resolver: installation.resolver(), settings: installation.hosting() };
        return show(ctx, installation, await checkDomain(ctx, { domainId: id }, deps));
      }),
    ),
  );
  command("restore <domain>", "turn MTA-STS on again while it is being turned off").action(
    (name: string, options: AccountOption) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx, installation) => {
          const { id } = await getNamedDomain(ctx, name);
          return show(ctx, installation, await restoreDomain(ctx, { domainId: id }));
        }),
      ),
  );
  command("remove <domain>", "delete a domain that was never served, or that has left, with its reports")
    .requiredOption("--confirm <domain>", "the domain again: this cannot be undone")
    .action((name: string, options: AccountOption & { confirm: string }) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx) => {
          const { id, domain } = await getNamedDomain(ctx, name);
          if (options.confirm.trim().toLowerCase() !== domain)
            throw new AppError("invalid", `Give --confirm ${domain} to delete it with its reports.`);
          await removeDomain(ctx, { domainId: id });
          return { json: { domain, removed: true }, text: `${domain} is deleted. Its reports follow.\n` };
        }),
      ),
    );
  command("wait <domain>", "wait until a domain is active; exits 1 when it is not in time")
    .addOption(new Option("--until <status>").choices(["active", "left"]).default("active"))
    .option("--timeout <seconds>", "how long to wait", parseSeconds, 600)
    .action((name: string, options: WaitOptions) =>
      run((terminal) => withAccount(terminal, options, (ctx) => waitFor(ctx, name, options))),
    );
  command("leave <domain>", "start the safe exit (RFC 8461 §8.3)").action(
    (name: string, options: AccountOption) =>
      run((terminal) =>
        withAccount(terminal, options, async (ctx, installation) => {
          const { id } = await getNamedDomain(ctx, name);
          return show(ctx, installation, await leaveDomain(ctx, { domainId: id }));
        }),
      ),
  );
}

async function show(ctx: Context, installation: Installation, row: Domain): Promise<Outcome> {
  const view = await presentDomain(ctx, row, installation.hosting());
  return { json: view, text: formatDomain(view) };
}

type WaitOptions = AccountOption & { until: string; timeout: number };

const POLL_MS = 2_000;

async function waitFor(ctx: Context, name: string, { until, timeout }: WaitOptions): Promise<Outcome> {
  const end = performance.now() + timeout * 1_000;
  let row = await getNamedDomain(ctx, name);
  while (row.status !== until && performance.now() < end) {
    await delay(Math.max(0, Math.min(POLL_MS, end - performance.now())));
    row = await getNamedDomain(ctx, name);
  }
  const { domain, status } = row;
  const isThere = status === until;
  const text = isThere
    ? `${domain} is ${status}.\n`
    : `${domain} is still ${status} after ${timeout} seconds.\n`;
  return { json: { domain, status }, text, failed: !isThere };
}

type ListOptions = AccountOption & {
  status?: z.infer<typeof DomainStatus>;
  health?: HealthFilter;
  query?: string;
};

async function list(ctx: Context, { query, status, health }: ListOptions): Promise<Outcome> {
  // One whose health changes in between comes twice, the newer one last.
  const found = new Map<string, z.infer<typeof DomainSummaryView>>();
  let cursor: string | undefined;
  do {
    const page = await listDomains(ctx, { q: query, status, health, cursor, limit: 500 });
    for (const item of page.items) found.set(item.id, item);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const items = [...found.values()];
  return { json: items, text: formatDomainList(items) };
}
