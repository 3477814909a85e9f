import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findFreePort } from "@waxseal/runtime/find-free-port";

/** For tests: Debian's Knot as a secondary that signs. */
export type TestKnot = {
  port: number;
  /** What it has logged so far. */
  log(): string;
  /** Runs a command of knotc. */
  control(...command: string[]): Promise<string>;
  stop(): Promise<void>;
};

export type TestKnotOptions = {
  zone: string;
  primaryPort: number;
  /** `name:algorithm:base64` */
  tsigKey?: string;
  port?: number;
  signs?: boolean;
};

export async function startTestKnot(options: TestKnotOptions): Promise<TestKnot> {
  const port = options.port ?? (await findFreePort());
  const folder = await mkdtemp(join(tmpdir(), "waxseal-knot-"));
  await chmod(folder, 0o700);
  const config = join(folder, "knot.conf");
  await writeFile(config, formatConfig(folder, port, options));
  const command = 'PATH="$PATH:/usr/sbin" exec knotd -c "$0"';
  const knot = spawn("/bin/sh", ["-c", command, config], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const keep = (chunk: Buffer) => {
    log += chunk.toString();
  };
  knot.stdout.on("data", keep);
  knot.stderr.on("data", keep);
  const exited = once(knot, "exit");
  return {
    port,
    log: () => log,
    control: async (...words) => {
      const control = 'PATH="$PATH:/usr/sbin" exec knotc -c "$0" "$@"';
      return (await promisify(execFile)("/bin/sh", ["-c", control, config, ...words])).stdout;
    },
    stop: async () => {
      if (knot.exitCode === null) knot.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function formatConfig(
  folder: string,
  port: number,
  { zone, primaryPort, tsigKey, signs = false }: TestKnotOptions,
): string {
  const [id, algorithm, secret] = tsigKey?.split(":") ?? [];
  const key = tsigKey ? `key:\n  - id: ${id}\n    algorithm: ${algorithm}\n    secret: ${secret}\n` : "";
  const useKey = tsigKey ? `    key: ${id}\n` : "";
  return `server:
    listen: 127.0.0.1@${port}
    rundir: ${folder}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 2
log:
  - target: stdout
    any: info
database:
    storage: ${folder}
${key}remote:
  - id: primary
    address: 127.0.0.1@${primaryPort}
${useKey}acl:
  - id: from-primary
    address: 127.0.0.1
    action: notify
${useKey}policy:
  - id: signed
    algorithm: ecdsap256sha256
    single-type-signing: on
zone:
  - domain: ${zone}
    storage: ${folder}
    file: zone
    master: primary
    acl: from-primary
${signs ? "    dnssec-signing: on\n    dnssec-policy: signed\n    zonefile-load: none\n" : ""}`;
}
