import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SecretBox } from "@waxseal/core";
import type { ServedCertificate } from "@waxseal/core/serving";
import { askFront, tellFront, writeCertificateFile } from "./install-front-certificate.ts";

/** What the front is given for accounts' own hosts. */
export type FrontHosts = {
  /** Where certificates lie. */
  folder: string;
  /** The file that lists the hosts. */
  list: string;
  /** HAProxy's control socket; undefined: it does not run, and reads the files when it starts. */
  socket: string | undefined;
  certificates: readonly ServedCertificate[];
  secretBox: Pick<SecretBox, "open">;
};

const OWN_FILE = /^host-.+\.pem$/;

/**
 * Has the front answer exactly these hosts, each with its certificate: first the certificates, then the list, so that no host is answered
 * without one. Files of other hosts are removed. Returns the hosts.
 */
export async function installFrontHosts({ folder, list, socket, certificates, secretBox }: FrontHosts) {
  const hosts = certificates.map(({ host }) => host).sort();
  for (const { host, chainPem, keyJwe } of certificates) {
    const file = join(folder, fileName(host));
    const pem = `${chainPem.trim()}\n${(await secretBox.open(keyJwe)).trim()}\n`;
    await writeCertificateFile(file, pem);
    if (socket !== undefined) await tellFront(socket, file, pem);
  }
  await writeList(list, hosts);
  if (socket !== undefined) await tellHosts(socket, list, hosts);
  const kept = new Set(hosts.map(fileName));
  for (const name of await readdir(folder).catch(() => []))
    if (OWN_FILE.test(name) && !kept.has(name)) await rm(join(folder, name), { force: true });
  return hosts;
}

function fileName(host: string): string {
  return `host-${host}.pem`;
}

async function writeList(list: string, hosts: readonly string[]): Promise<void> {
  const text = hosts.map((host) => `${host}\n`).join("");
  if ((await readFile(list, "utf8").catch(() => undefined)) === text) return;
  await writeFile(`${list}.new`, text, { mode: 0o600 });
  await rename(`${list}.new`, list);
}

/** Changes only what differs: a list that is emptied first would turn people away for a moment. */
async function tellHosts(socket: string, list: string, hosts: readonly string[]): Promise<void> {
  const lines = (await askFront(socket, `show acl ${list}`)).split("\n");
  const present = new Set(lines.flatMap((line) => /^0x[\da-f]+ (\S+)$/i.exec(line.trim())?.[1] ?? []));
  for (const host of hosts) if (!present.has(host)) await askFront(socket, `add acl ${list} ${host}`);
  for (const host of present) if (!hosts.includes(host)) await askFront(socket, `del acl ${list} ${host}`);
}
