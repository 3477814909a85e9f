import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { createSelfSignedCertificate } from "./create-self-signed-certificate.ts";
import { type MockDns, startChalltestsrv } from "./start-challtestsrv.ts";
import { startChild } from "./start-child.ts";

/** How Pebble is to behave; the defaults are the friendly ones, not Pebble's own. */
export type PebbleOptions = {
  /** Port on which http-01 is fetched from the address the name resolves to. */
  validationHttpPort: number;
  /** `host:port` of the DNS server Pebble asks; when absent, the mock DNS that is started along. */
  dnsServer?: string;
  /** Share of good nonces that Pebble refuses, 0-100; 0 when absent. */
  nonceRejectPercent?: number;
  /** Share of orders that get an authorization which is valid already, 0-100; 0 when absent. */
  authzReusePercent?: number;
  /** Wait a random time of up to 15 s before validating, Pebble's default. */
  sleepBeforeValidation?: boolean;
  /** External accounts it knows, by key id, keys as base64url; with some it demands one. */
  externalAccounts?: Readonly<Record<string, string>>;
  /** Length of the certificates' life in seconds; Pebble's own is five years. */
  certificateSeconds?: number;
};

/** A running Pebble. */
export type Pebble = {
  directoryUrl: string;
  /** Trust for Pebble's own HTTPS, not for what it issues: PEM and the file that holds it. */
  caPem: string;
  caFile: string;
  managementUrl: string;
  /** Root of what this Pebble issues: another one in every start. */
  rootPem(): Promise<string>;
  mockDns: MockDns;
  stop(): Promise<void>;
};

/**
 * Starts Debian's `pebble` and `pebble-challtestsrv` on free loopback ports, for tests.
 *
 * @throws Error – the programs are missing (`ensure-test-tools` installs them) or do not start
 */
export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  // A port can be taken between looking for it and Pebble's listen.
  for (let attemptsLeft = 3; ; attemptsLeft -= 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      const isPortTaken = error instanceof Error && error.message.includes("address already in use");
      if (!isPortTaken || attemptsLeft === 1) throw error;
    }
  }
}

async function startOnce(options: PebbleOptions): Promise<Pebble> {
  const dir = await mkdtemp(join(tmpdir(), "waxseal-pebble-"));
  const mockDns = await startChalltestsrv();
  const cleanUp = async () => {
    await mockDns.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const [acmePort, managementPort, tlsPort] = [
      await findFreePort(),
      await findFreePort(),
      await findFreePort(),
    ];
    const tls = await createSelfSignedCertificate({
      names: ["localhost", "127.0.0.1"],
      notBefore: new Date(Date.now() - 3_600_000),
      notAfter: new Date(Date.now() + 86_400_000),
    });
    const [caFile, keyFile, configFile] = [
      join(dir, "ca.pem"),
      join(dir, "key.pem"),
      join(dir, "config.json"),
    ];
    await writeFile(caFile, tls.certPem);
    await writeFile(keyFile, tls.keyPem);
    await writeFile(
      configFile,
      JSON.stringify({
        pebble: {
          listenAddress: `127.0.0.1:${acmePort}`,
          managementListenAddress: `127.0.0.1:${managementPort}`,
          certificate: caFile,
          privateKey: keyFile,
          httpPort: options.validationHttpPort,
          tlsPort,
          ocspResponderURL: "",
          externalAccountBindingRequired: options.externalAccounts !== undefined,
          externalAccountMACKeys: options.externalAccounts ?? {},
          ...(options.certificateSeconds && { certificateValidityPeriod: options.certificateSeconds }),
        },
      }),
    );
    const directoryUrl = `https://127.0.0.1:${acmePort}/dir`;
    const managementUrl = `https://127.0.0.1:${managementPort}`;
    const child = await startChild({
      command: "pebble",
      args: ["-config", configFile, "-dnsserver", options.dnsServer ?? mockDns.dnsServer],
      env: {
        PEBBLE_WFE_NONCEREJECT: String(options.nonceRejectPercent ?? 0),
        PEBBLE_AUTHZREUSE: String(options.authzReusePercent ?? 0),
        ...(!options.sleepBeforeValidation && { PEBBLE_VA_NOSLEEP: "1" }),
      },
      isReady: async () => (await getText(directoryUrl, tls.certPem)).includes("newNonce"),
    });
    return {
      directoryUrl,
      caPem: tls.certPem,
      caFile,
      managementUrl,
      rootPem: () => getText(`${managementUrl}/roots/0`, tls.certPem),
      mockDns,
      async stop() {
        await child.stop();
        await cleanUp();
      },
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

function getText(url: string, caPem: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const req = request(url, { ca: caPem, agent: false, timeout: 5_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > 100_000) req.destroy(new Error("answer too large"));
      });
      response.on("end", () => resolve(text));
      response.on("error", reject);
    });
    req.on("error", reject).on("timeout", () => req.destroy(new Error("timed out")));
    req.end();
  });
}
