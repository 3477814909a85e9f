import { readFileSync } from "node:fs";
import { AppError } from "@waxseal/core/app-error";
import type { Command } from "commander";
import type { Run } from "./run-cli.ts";
import { ACCOUNT, type AccountOption, withApi } from "./with-api.ts";

type Options = AccountOption & { name?: string; color?: string; senderName?: string; logo?: string };

const MAX_LOGO_BYTES = 200 * 1024;

/** `brand show` and `brand set`: what an account shows of itself to its customers. */
export function brandCommands(program: Command, run: Run): void {
  const brand = program.command("brand").description("what the account shows of itself to its customers");
  brand
    .command("show")
    .description("the brand, and the shades in which its colour is shown")
    .option(...ACCOUNT)
    .action((options: AccountOption) =>
      run((terminal) => withApi(terminal, options, async (api) => shown(await api.getAccountBrand()))),
    );
  brand
    .command("set")
    .description("change what is given; an empty text goes back to ours")
    .option("--name <name>", "empty: the account's own name")
    .option("--color <color>", "of links and buttons, e.g. #1f5fbf")
    .option("--sender-name <name>", "shown before our address in mails")
    .option("--logo <file>", "PNG, JPEG or WebP of at most 200 kB")
    .option(...ACCOUNT)
    .action((options: Options) =>
      run((terminal) =>
        withApi(terminal, options, async (api) => {
          const image = options.logo === undefined ? undefined : readLogo(options.logo);
          const { name, isOwnName } = await api.getAccountBrand();
          const { color, senderName } = options;
          const kept = isOwnName ? null : name;
          await api.setAccountBrand({
            body: {
              name: options.name === undefined ? kept : options.name || null,
              ...(color !== undefined && { color: color || null }),
              ...(senderName !== undefined && { senderName: senderName || null }),
            },
          });
          if (image !== undefined) await api.setAccountLogo({ body: { image } });
          return shown(await api.getAccountBrand());
        }),
      ),
    );
}

function readLogo(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new AppError("invalid", `The file ${file} can't be read.`, { cause });
  }
  if (bytes.length > MAX_LOGO_BYTES) throw new AppError("invalid", "The picture is larger than 200 kB.");
  return bytes.toString("base64");
}

type Shown = {
  name: string;
  color: string | null;
  colorNote: string | null;
  senderName: string | null;
  logo: { type: string; bytes: number } | null;
};

function shown<View extends Shown>(brand: View): { json: View; text: string } {
  const { name, color, colorNote, senderName, logo } = brand;
  const lines = [
    `Name: ${name}`,
    `Logo: ${logo ? `${logo.type}, ${logo.bytes} bytes` : "none"}`,
    `Colour: ${color ?? "ours"}${colorNote ? `. ${colorNote}` : ""}`,
    `Sender name: ${senderName ?? "ours"}`,
  ];
  return { json: brand, text: `${lines.join("\n")}\n` };
}
