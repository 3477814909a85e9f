import { spawnSync } from "node:child_process";

/**
 * Makes sure that commands are there: as root with apt-get, missing ones are installed, without starting what they bring.
 *
 * @throws Error naming each that is missing, and its package
 */
export function ensureBenchPeers(packages: Readonly<Record<string, string>>): void {
  const isMissing = ([command]: [string, string]) => !hasCommand(command);
  const missing = Object.entries(packages).filter(isMissing);
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && hasCommand("apt-get")) install(missing.map(([, name]) => name));
  const still = missing.filter(isMissing);
  if (still.length === 0) return;
  const names = still.map(([command, name]) => `${command} (package ${name})`);
  throw new Error(`The benchmark needs programs that are not installed: ${names.join(", ")}`);
}

function hasCommand(command: string): boolean {
  // Users other than root often lack the sbin folders in PATH.
  const script = 'PATH="$PATH:/usr/sbin:/sbin" command -v "$0"';
  return spawnSync("/bin/sh", ["-c", script, command], { stdio: "ignore" }).status === 0;
}

function install(packages: readonly string[]): void {
  // RUNLEVEL=1: invoke-rc.d then starts no service that is only for the runlevels with a network.
  const apt = (...args: string[]) =>
    spawnSync(
      "env",
      ["RUNLEVEL=1", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300", ...args],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
  apt("update", "-q");
  apt("install", "-q", "-y", "--no-install-recommends", ...packages);
}
