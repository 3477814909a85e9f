import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { SandboxConfig } from "./config.ts";
import { openAuthority } from "./open-authority.ts";
import { startAcmeCa } from "./start-acme-ca.ts";
import { startControlApi } from "./start-control-api.ts";
import { startCustomerDns } from "./start-customer-dns.ts";
import { startHookCatcher } from "./start-hook-catcher.ts";
import { startMailCatcher } from "./start-mail-catcher.ts";
import { startReceivingMx } from "./start-receiving-mx.ts";
import { startSendingMta } from "./start-sending-mta.ts";

const LOOPBACK = "127.0.0.1";

/** The whole sandbox, while it runs. */
export type Sandbox = { controlUrl: string; stop(): Promise<void> };

/**
 * Starts every part of the sandbox that the configuration asks for, in one process.
 *
 * Nothing of Waxseal needs to run yet: names in the hosted zones answer SERVFAIL until its nameserver does.
 *
 * @throws Error – a port is taken or the data folder is unusable; whatever had started is stopped again
 */
export async function startSandbox(config: SandboxConfig): Promise<Sandbox> {
  const started: { stop(): Promise<void> }[] = [];
  const keep = <Part extends { stop(): Promise<void> }>(part: Part): Part => {
    started.unshift(part);
    return part;
  };
  const stop = async () => {
    await Promise.all(started.map((part) => part.stop()));
  };
  try {
    const { dataDir } = config;
    const authority = await openAuthority({ dataDir, now: () => new Date() });
    const upstreams = config.hostedZones.map((zone) => ({
      zone,
      host: LOOPBACK,
      port: config.nameserverPort,
    }));
    const dns =
      config.dnsPort === undefined
        ? undefined
        : keep(
            await startCustomerDns({ port: config.dnsPort, dataDir, upstreams, autoZones: config.autoZones }),
          );
    const dnsServer = dns ? { host: LOOPBACK, port: dns.port } : config.resolver;
    const ca =
      config.acmePort === undefined || !dnsServer
        ? undefined
        : keep(
            await startAcmeCa({
              port: config.acmePort,
              dataDir,
              dnsServer,
              validationHttpPort: config.policyHttpPort,
            }),
          );
    const mx = keep(await startReceivingMx({ port: config.mxPort, authority }));
    const hooks = keep(await startHookCatcher({ port: config.hooksPort, authority, zones: dns?.zones }));
    const catcher =
      config.mailSmtpPort === undefined
        ? undefined
        : keep(
            await startMailCatcher({
              smtpPort: config.mailSmtpPort,
              httpPort: config.mailWebPort,
              dataDir,
              hooks,
            }),
          );
    const mta =
      dns &&
      (await startSendingMta({
        dataDir,
        zones: dns.zones,
        dnsServer: { host: LOOPBACK, port: dns.port },
        caPem: `${authority.rootPem}\n${await readTrust(config.trustFile)}`,
        mxPort: mx.port,
        policyHttpsPort: config.policyHttpsPort,
        reportsSmtpPort: config.reportsSmtpPort,
        reportsHttpsPort: config.reportsHttpsPort,
      }));
    const control = keep(
      await startControlApi({
        port: config.controlPort,
        dns,
        ca,
        mx,
        catcher,
        mta,
        autoZones: config.autoZones,
      }),
    );
    return { controlUrl: control.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readTrust(file: string | undefined): Promise<string> {
  return file && existsSync(file) ? readFile(file, "utf8") : "";
}
