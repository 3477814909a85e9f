import { statfs } from "node:fs/promises";
import type { DatabaseRoom } from "@waxseal/core/operating";
import { createResolver, type Resolver } from "@waxseal/probes";
import { checkPort, type DoctorFinding, ok, wrong } from "./doctor-checks.ts";

const GIB = 1024 ** 3;
const LEAST_FREE = 0.1;
const LEAST_FREE_BYTES = 2 * GIB;
/** Ingest takes no reports from this share of DATABASE_LIMIT_MB on. */
const FULL = 0.9;

const advise = (about: string, text: string, fix: string): DoctorFinding => ({
  about,
  state: "advice",
  text,
  fix,
});

/** Whether the domains that we get mail at have MTA-STS and TLS-RPT themselves (RFC 8461 §3.1, RFC 8460 §3). */
export async function checkOwnPolicies(
  resolver: Resolver,
  domains: readonly string[],
): Promise<DoctorFinding[]> {
  const about = "own domains";
  const has = async (name: string, form: RegExp) => {
    const answer = await resolver.resolveTxt(name);
    return "found" in answer && answer.found.some((strings) => form.test(strings.join("")));
  };
  const findings = await Promise.all(
    [...new Set(domains)].map(async (domain) => [
      (await has(`_mta-sts.${domain}`, /^v=STSv1\b/))
        ? ok(about, `${domain} has MTA-STS.`)
        : advise(about, `${domain} has no MTA-STS.`, `Add ${domain} to an account of this service.`),
      (await has(`_smtp._tls.${domain}`, /^v=TLSRPTv1\b/))
        ? ok(about, `${domain} asks for TLS reports.`)
        : advise(
            about,
            `${domain} does not ask for TLS reports.`,
            `Add ${domain} to an account of this service.`,
          ),
    ]),
  );
  return findings.flat();
}

/** Whether each nameserver answers for the zone at its own addresses, by UDP and TCP (RFC 7766 §5). */
export async function checkNameservers(
  resolver: Resolver,
  { hostedZone, nameservers }: { hostedZone: string; nameservers: readonly string[] },
  port = 53,
): Promise<DoctorFinding[]> {
  const findings = await Promise.all(
    nameservers.map(async (name) => {
      const answer = await resolver.resolveAddresses(name);
      const addresses = "found" in answer ? answer.found.map(({ address }) => address) : [];
      return Promise.all(addresses.map((address) => checkNameserver({ name, address, hostedZone, port })));
    }),
  );
  return findings.flat(2);
}

async function checkNameserver(at: {
  name: string;
  address: string;
  hostedZone: string;
  port: number;
}): Promise<DoctorFinding[]> {
  const { name, address, hostedZone, port } = at;
  const server = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  const answer = await createResolver({ servers: [server] }).resolveNs(hostedZone);
  const byUdp =
    "found" in answer
      ? ok("ports", `${name} answers for ${hostedZone} at ${address}.`)
      : wrong(
          "ports",
          `${name} does not answer for ${hostedZone} at ${address}, port ${port} (UDP).`,
          "Start the nameserver, and open port 53 for UDP and TCP in firewall and hoster.",
        );
  return [byUdp, await checkPort(`${name} (TCP)`, address, port)];
}

/** Whether this machine's disk, and what the database may grow to, have room left. */
export async function checkRoom(
  folder: string,
  { databaseBytes, volume, limitMb }: DatabaseRoom & { limitMb: number | undefined },
  measure: (folder: string) => Promise<{ bavail: number; bsize: number; blocks: number }> = statfs,
): Promise<DoctorFinding[]> {
  const about = "room";
  const { bavail, bsize, blocks } = await measure(folder);
  const [free, size] = [bavail * bsize, blocks * bsize];
  const text = `This machine's disk has ${inGib(free)} of ${inGib(size)} free.`;
  const disk =
    free < Math.min(LEAST_FREE * size, LEAST_FREE_BYTES)
      ? wrong(about, text, "Free or enlarge it; the runbook is Disk full.")
      : ok(about, text);
  const used = `The database has ${inGib(databaseBytes)}`;
  if (limitMb === undefined) {
    if (volume)
      return [disk, ok(about, `${used}; the disk of Postgres has ${inGib(volume.freeBytes)} free.`)];
    const fix = "Watch it where Postgres runs, or set DATABASE_LIMIT_MB.";
    const unseen = `${used}; the disk of Postgres cannot be seen from here.`;
    return [disk, { about, state: "unknown", text: unseen, fix }];
  }
  const limit = limitMb * 1024 ** 2;
  const grown = `${used} of the ${inGib(limit)} of DATABASE_LIMIT_MB.`;
  return [
    disk,
    databaseBytes > FULL * limit
      ? wrong(about, `${grown} No report is taken.`, "Raise it, or shorten how long reports are kept.")
      : ok(about, grown),
  ];
}

function inGib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GB`;
}
