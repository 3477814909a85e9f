import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { AppError, createSecretBox } from "@waxseal/core";
import { findServedCertificates } from "@waxseal/core/serving";
import type { Database } from "@waxseal/db";
import { loadSettings } from "@waxseal/runtime";
import type { Command } from "commander";
import { findSettings } from "./find-settings.ts";
import { tellFront, writeCertificateFile } from "./install-front-certificate.ts";
import { type FrontHosts, installFrontHosts } from "./install-front-hosts.ts";
import { withInstallation } from "./open-installation.ts";
import type { Run } from "./run-cli.ts";

type Options = { file: string; hosts?: string; front?: string };

/** `operator dashboard-certificate`: the certificate of PUBLIC_URL's host, as our workers order and renew it, for the front. */
export function dashboardCertificateCommand(operator: Command, run: Run): void {
  operator
    .command("dashboard-certificate")
    .description("write the newest certificate of PUBLIC_URL's host for the front, and have it loaded")
    .requiredOption("--file <file>", "certificate chain and key, PEM; the front has its folder as crt")
    .option("--hosts <file>", "list of accounts' own hosts, whose certificates are put beside the first")
    .option("--front <socket>", "HAProxy's control socket")
    .action((options: Options) =>
      run((terminal) =>
        withInstallation(terminal, async ({ db, now }) => {
          const env = findSettings(terminal.env, terminal.cwd);
          const { PUBLIC_URL, SECRET_KEYS } = loadSettings(env, ["PUBLIC_URL", "SECRET_KEYS"]);
          const host = new URL(PUBLIC_URL).hostname;
          const secretBox = createSecretBox(SECRET_KEYS);
          const installed = await installHosts(options, { db, now, secretBox });
          const [certificate] = await findServedCertificates(db, [host], now());
          if (!certificate)
            throw new AppError(
              "not_found",
              `There is no certificate for ${host} yet. It is ordered when ${host} has an address of POLICY_ADDRESSES.`,
            );
          const key = await secretBox.open(certificate.keyJwe);
          const pem = `${certificate.chainPem.trim()}\n${key.trim()}\n`;
          const isWritten = await writeCertificateFile(options.file, pem);
          // A front that starts later reads the file itself.
          const isTold = options.front !== undefined && existsSync(options.front);
          if (isTold) await tellFront(options.front ?? "", options.file, pem);
          const notAfter = certificate.notAfter.toISOString();
          const text = `${host}: ${isWritten ? "written" : "unchanged"}${isTold ? ", and loaded by the front" : ""}.${installed.length > 0 ? ` Own hosts: ${installed.join(", ")}.` : ""}\n`;
          return { json: { host, notAfter, isWritten, isTold, hosts: installed }, text };
        }),
      ),
    );
}

/** Accounts' own hosts that the front answers now. */
async function installHosts(
  { file, hosts, front }: Options,
  { db, now, secretBox }: Pick<FrontHosts, "secretBox"> & { db: Database; now(): Date },
): Promise<string[]> {
  if (hosts === undefined) return [];
  const socket = front !== undefined && existsSync(front) ? front : undefined;
  const rows = await db.brandHost.findMany({
    where: { heldHost: { not: null } },
    select: { heldHost: true },
    take: MAX_HOSTS,
  });
  const names = rows.flatMap(({ heldHost }) => heldHost ?? []);
  const certificates = await findServedCertificates(db, names, now());
  return installFrontHosts({ folder: dirname(file), list: hosts, socket, certificates, secretBox });
}

const MAX_HOSTS = 2_000;
