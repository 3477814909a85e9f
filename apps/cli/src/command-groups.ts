import type { Command } from "commander";
import type { Run } from "./run-cli.ts";

type Group = {
  /** What the file defines, as the first help page shows it. */
  commands: Readonly<Record<string, string>>;
  load(): Promise<(program: Command, run: Run) => void>;
};

/** Every command by name. Only the file of the one that runs is loaded: all of them together take seconds of processor time. */
export const COMMAND_GROUPS: readonly Group[] = [
  {
    commands: {
      login: "sign in to an installation in your browser; the API key is kept for this user",
      logout: "forget the API key of login, and revoke it where it may do so",
    },
    load: async () => (await import("./login-commands.ts")).loginCommands,
  },
  {
    commands: {
      user: "people who sign in",
      account: "accounts, which own domains",
      "api-key": "keys for programs",
    },
    load: async () => (await import("./account-commands.ts")).accountCommands,
  },
  {
    commands: { customer: "accounts that an account manages" },
    load: async () => (await import("./customer-commands.ts")).customerCommands,
  },
  {
    commands: { brand: "what the account shows of itself to its customers" },
    load: async () => (await import("./brand-commands.ts")).brandCommands,
  },
  {
    commands: { domain: "domains and their set-up" },
    load: async () => (await import("./domain-commands.ts")).domainCommands,
  },
  {
    commands: { policy: "the policy that senders follow" },
    load: async () => (await import("./policy-commands.ts")).policyCommands,
  },
  {
    commands: { report: "TLS reports" },
    load: async () => (await import("./report-commands.ts")).reportCommands,
  },
  {
    commands: { alert: "what is wrong, one entry for each cause" },
    load: async () => (await import("./alert-commands.ts")).alertCommands,
  },
  {
    commands: { channel: "where alerts go besides members' mailboxes" },
    load: async () => (await import("./channel-commands.ts")).channelCommands,
  },
  {
    commands: {
      instructions: "the CNAMEs that domains lack, for the person who edits their DNS",
      export: "everything kept for the account, its audit log, or its report figures, as a file",
    },
    load: async () => (await import("./file-commands.ts")).fileCommands,
  },
  {
    commands: { api: "any operation of the API by its name, such as listMembers; alone: their names" },
    load: async () => (await import("./api-command.ts")).apiCommand,
  },
  {
    commands: { check: "check the MTA-STS, TLS-RPT and MX set-up of any domain from outside" },
    load: async () => (await import("./check-command.ts")).checkCommand,
  },
  {
    commands: { db: "the database" },
    load: async () => (await import("./database-commands.ts")).databaseCommands,
  },
  {
    commands: { secrets: "the secrets kept encrypted in the database" },
    load: async () => (await import("./secret-commands.ts")).secretCommands,
  },
  {
    commands: { operator: "what concerns the whole installation" },
    load: async () => (await import("./operator-commands.ts")).operatorCommands,
  },
  {
    commands: { doctor: "what is wrong with this installation, and how to put it right" },
    load: async () => (await import("./doctor-command.ts")).doctorCommand,
  },
];
