import { existsSync } from "node:fs";
import { AppError, createSecretBox } from "@waxseal/core";
import { findServedCertificates } from "@waxseal/core/serving";
import { loadSettings } from "@waxseal/runtime";
import type { Command } from "commander";
import { findSettings } from "./find-settings.ts";
import { tellFront, writeCertificateFile } from "./install-front-certificate.ts";
import { withInstallation } from "./open-installation.ts";
import type { Run } from "./run-cli.ts";

type Options = { file: string; front?: string };

/** `operator dashboard-certificate`: the certificate of PUBLIC_URL's host, as our workers order and renew it, for the front. */
export function dashboardCertificateCommand(operator: Command, run: Run): void {
  operator
    .command("dashboard-certificate")
    .description("write the newest certificate of PUBLIC_URL's host for the front, and have it loaded")
    .requiredOption("--file <file>", "certificate chain and key, PEM; the front has its folder as crt")
    .option("--front <socket>", "HAProxy's control socket")
    .action((options: Options) =>
      run((terminal) =>
        withInstallation(terminal, async ({ db, now }) => {
          const env = findSettings(terminal.env, terminal.cwd);
          const { PUBLIC_URL, SECRET_KEYS } = loadSettings(env, ["PUBLIC_URL", "SECRET_KEYS"]);
          const host = new URL(PUBLIC_URL).hostname;
          const [certificate] = await findServedCertificates(db, [host], now());
          if (!certificate)
            throw new AppError(
              "not_found",
              `There is no certificate for ${host} yet. It is ordered when ${host} has an address of POLICY_ADDRESSES.`,
            );
          const key = await createSecretBox(SECRET_KEYS).open(certificate.keyJwe);
          const pem = `${certificate.chainPem.trim()}\n${key.trim()}\n`;
          const isWritten = await writeCertificateFile(options.file, pem);
          // A front that starts later reads the file itself.
          const isTold = options.front !== undefined && existsSync(options.front);
          if (isTold) await tellFront(options.front ?? "", options.file, pem);
          const notAfter = certificate.notAfter.toISOString();
          const text = `${host}: ${isWritten ? "written" : "unchanged"}${isTold ? ", and loaded by the front" : ""}.\n`;
          return { json: { host, notAfter, isWritten, isTold }, text };
        }),
      ),
    );
}
