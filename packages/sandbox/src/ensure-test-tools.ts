/**
 * Run before the tests: makes sure that the programs the tests drive are there.
 *
 * As root with apt-get, missing ones are installed; otherwise one message names them all and the exit status is 1. With `drills`, also what
 * only those drive.
 */
import { spawnSync } from "node:child_process";

/** Command, Debian package that brings it, and what it is needed for. */
const TOOLS = [
  ["pebble", "pebble", "a real ACME server"],
  ["pebble-challtestsrv", "pebble", "its mock DNS"],
  ["mta-sts-query", "postfix-mta-sts-resolver", "a real MTA-STS client"],
  ["chromium", "chromium", "a real browser"],
  ["ip", "iproute2", "network namespaces"],
  ["kdig", "knot-dnsutils", "a real DNS client"],
  ["dig", "bind9-dnsutils", "another one"],
  ["knotd", "knot", "a secondary nameserver that signs"],
  ["unbound", "unbound", "a recursive resolver"],
  ["swaks", "swaks", "a real SMTP client"],
  ["faketime", "faketime", "machines whose clocks are wrong"],
  ["haproxy", "haproxy", "the front of docker-compose.yml"],
] as const;

const DRILL_TOOLS = [
  ["promtool", "prometheus", "the alert rules"],
  ["prometheus", "prometheus", "a real Prometheus"],
  ["patroni", "patroni", "a Postgres that fails over"],
  ["etcd", "etcd-server", "what Patroni agrees by"],
  ["pgbouncer", "pgbouncer", "a pooler in front of Postgres"],
  ["pg_ctlcluster", "postgresql", "Debian's Postgres"],
] as const;
const tools = process.argv.includes("drills") ? [...TOOLS, ...DRILL_TOOLS] : TOOLS;

// Installing them starts daemons on well-known ports that no test asks for.
const SERVICES = [
  "postfix-mta-sts-resolver",
  "knot",
  "unbound",
  "haproxy",
  "prometheus",
  "patroni",
  "etcd",
  "pgbouncer",
  "postgresql",
];

const missing = tools.filter(([command]) => !hasCommand(command));
if (missing.length > 0) {
  const packages = [...new Set(missing.map(([, name]) => name))];
  if (process.getuid?.() === 0 && hasCommand("apt-get")) install(packages);
  const stillMissing = tools.filter(([command]) => !hasCommand(command));
  if (stillMissing.length > 0) {
    const lines = stillMissing.map(
      ([command, name, purpose]) => `  ${command} (package ${name}): ${purpose}`,
    );
    console.error(
      `The tests need programs that are not installed:\n${lines.join("\n")}\nOn Debian: apt-get install ${packages.join(" ")}`,
    );
    process.exit(1);
  }
}

function hasCommand(command: string): boolean {
  // Users other than root often lack the sbin folders in PATH.
  const script = 'PATH="$PATH:/usr/sbin:/sbin" command -v "$0"';
  return spawnSync("/bin/sh", ["-c", script, command], { stdio: "ignore" }).status === 0;
}

function install(packages: readonly string[]): void {
  console.error(`Installing what the tests need: ${packages.join(" ")}`);
  const apt = (...args: string[]) =>
    spawnSync(
      "env",
      ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300", ...args],
      {
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
  apt("update", "-q");
  apt("install", "-q", "-y", "--no-install-recommends", ...packages);
  for (const service of SERVICES.filter((name) => packages.includes(name))) {
    spawnSync("/usr/sbin/service", [service, "stop"], { stdio: "ignore" });
  }
}
