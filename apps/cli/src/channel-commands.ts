import type { Schemas } from "@waxseal/client";
import { AlertSeverity, ChannelKind } from "@waxseal/contract";
import { ALERT_CONDITION_CODES, type AlertCondition } from "@waxseal/contract/alert-conditions";
import { AppError } from "@waxseal/core/app-error";
import { type Command, Option } from "commander";
import type { z } from "zod";
import { collectItems } from "./collect-items.ts";
import type { CustomerApi } from "./customer-api.ts";
import type { Run } from "./run-cli.ts";
import type { Terminal } from "./terminal.ts";
import { ACCOUNT, type AccountOption, withApi } from "./with-api.ts";

type Channel = Schemas["Channel"];
type AddOptions = AccountOption & {
  kind: z.infer<typeof ChannelKind>;
  target: string;
  name?: string;
  from: z.infer<typeof AlertSeverity>;
  tag?: string[];
  condition?: AlertCondition[];
  customer?: string[];
};

const MAX_TARGET = 4_096;

/** `channel add`, `list`, `test` and `remove`. */
export function channelCommands(program: Command, run: Run): void {
  const channel = program.command("channel").description("where alerts go besides members' mailboxes");
  channel
    .command("add")
    .description("add a channel; the secret of a webhook is printed once")
    .option(...ACCOUNT)
    .addOption(new Option("--kind <kind>").choices(ChannelKind.options).makeOptionMandatory())
    .requiredOption(
      "--target <address>",
      "address, email address or PagerDuty key; - reads it from standard input",
    )
    .option("--name <name>", "as it is listed; the kind unless given")
    .addOption(
      new Option("--from <severity>", "the least severity").choices(AlertSeverity.options).default("warning"),
    )
    .option("--tag <tag...>", "only domains with one of these tags")
    .addOption(new Option("--condition <code...>", "only these conditions").choices(ALERT_CONDITION_CODES))
    .option("--customer <id...>", "only domains of these accounts")
    .action(({ kind, target, name = kind, from, tag, condition, customer, ...options }: AddOptions) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const address = target === "-" ? await readLine(terminal) : target;
          const match = { tags: tag, conditions: condition, customers: customer };
          const body = { kind, name, target: address, minSeverity: from, match };
          const added = await api.createChannel({ body });
          const secret = added.secret ? ` Its secret, shown only now: ${added.secret}` : "";
          const confirm =
            added.state === "unverified" ? " Its owner has to open the link that was mailed to it." : "";
          return { json: added, text: `Added ${added.name} (${added.id}).${secret}${confirm}\n` };
        }),
      ),
    );
  channel
    .command("list")
    .description("the account's channels and how they are")
    .option(...ACCOUNT)
    .action((options: AccountOption) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const { hint } = await api.listChannels({ query: { limit: 1 } });
          const items = await listAll(api);
          const lines = items.map(
            ({ id, kind, name, target, state, problem }) =>
              `${id}  ${kind.padEnd(9)}  ${state.padEnd(10)}  ${name}, ${target}${problem ? `: ${problem}` : ""}\n`,
          );
          const text = lines.join("") || "There is no channel. Owners and admins get mails.\n";
          return { json: { items, hint }, text: `${text}${hint ? `${hint}\n` : ""}` };
        }),
      ),
    );
  channel
    .command("test <channel>")
    .description("send a test message to a channel, named by id or name")
    .option(...ACCOUNT)
    .action((name: string, options: AccountOption) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const { id } = await find(api, name);
          const tried = await api.testChannel({ path: { id } });
          return { json: tried, text: `${tried.detail}\n`, failed: !tried.ok };
        }),
      ),
    );
  channel
    .command("remove <channel>")
    .description("remove a channel, named by id or name")
    .option(...ACCOUNT)
    .action((name: string, options: AccountOption) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const found = await find(api, name);
          await api.deleteChannel({ path: { id: found.id } });
          return { json: { id: found.id, removed: true }, text: `${found.name} is removed.\n` };
        }),
      ),
    );
}

/** @throws AppError `not_found`; `conflict` – several have the name */
async function find(api: CustomerApi, name: string): Promise<Channel> {
  const found = (await listAll(api)).filter(
    (one) => one.id === name || one.name.toLowerCase() === name.toLowerCase(),
  );
  const [only] = found;
  if (!only) throw new AppError("not_found", `There is no channel ${name} in this account.`);
  if (found.length > 1)
    throw new AppError("conflict", `Several channels are called ${name}: name one by its id.`, {
      reason: "channel_ambiguous",
    });
  return only;
}

const listAll = (api: CustomerApi) => collectItems((cursor) => api.listChannels({ query: { cursor } }));

async function readLine({ stdin }: Terminal): Promise<string> {
  let text = "";
  for await (const chunk of stdin) {
    text += chunk.toString();
    if (text.length > MAX_TARGET) break;
  }
  return text.trim();
}
