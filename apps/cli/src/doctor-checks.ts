import { connect } from "node:net";
import { type HostingSettings, reportsMxHost } from "@waxseal/core";
import type { Resolver } from "@waxseal/probes";

/** What one check of an installation found; `unknown`: it could not be looked at from here; `advice`: works, and could be better. */
export type DoctorFinding = {
  about: string;
  state: "ok" | "wrong" | "unknown" | "advice";
  text: string;
  fix?: string;
};

export const ok = (about: string, text: string): DoctorFinding => ({ about, state: "ok", text });
export const wrong = (about: string, text: string, fix: string): DoctorFinding => ({
  about,
  state: "wrong",
  text,
  fix,
});

const CONNECT_MS = 5_000;

/** Whether HOSTED_ZONE is delegated to the NAMESERVERS, and each of these has an address. */
export async function checkDelegation(
  resolver: Resolver,
  settings: HostingSettings,
): Promise<DoctorFinding[]> {
  const { hostedZone, nameservers } = settings;
  const about = "delegation";
  const answer = await resolver.resolveNs(hostedZone);
  if (!("found" in answer))
    return [
      wrong(
        about,
        `${hostedZone} has no NS records that can be seen.`,
        `Delegate ${hostedZone} to ${nameservers.join(", ") || "the nameservers of Route 53"} at its parent zone.`,
      ),
    ];
  const seen = answer.found.map((name) => name.toLowerCase());
  const missing = nameservers.filter((name) => !seen.includes(name.toLowerCase()));
  const findings =
    missing.length > 0
      ? [
          wrong(
            about,
            `${hostedZone} is delegated to ${seen.join(", ")}, not to ${missing.join(", ")}.`,
            "Change the NS records at its parent zone, or NAMESERVERS.",
          ),
        ]
      : [ok(about, `${hostedZone} is delegated to ${seen.join(", ")}.`)];
  for (const name of seen) {
    if ("found" in (await resolver.resolveAddresses(name))) continue;
    const isInside = name.endsWith(`.${hostedZone}`);
    const fix = isInside
      ? `Set glue for ${name} at the parent zone, and NAMESERVER_ADDRESSES.`
      : `Give ${name} an A or AAAA record.`;
    findings.push(wrong(about, `The nameserver ${name} has no address.`, fix));
  }
  return findings;
}

/** Whether mail for REPORTS_DOMAIN comes to us. */
export async function checkReportsMx(
  resolver: Resolver,
  { reportsDomain }: HostingSettings,
): Promise<DoctorFinding> {
  const host = reportsMxHost(reportsDomain);
  const answer = await resolver.resolveMx(reportsDomain);
  const hosts = "found" in answer ? answer.found.map(({ mxHost }) => mxHost) : [];
  if (!hosts.includes(host))
    return wrong(
      "reports domain",
      `The MX of ${reportsDomain} is ${hosts.join(", ") || "missing"}; reports by mail do not arrive.`,
      `Publish ${reportsDomain} MX 10 ${host}, with the address of report-ingest.`,
    );
  return ok("reports domain", `Mail for ${reportsDomain} goes to ${host}.`);
}

/** Whether our own mails can be distinguished from forged ones. */
export async function checkSenderDomain(resolver: Resolver, mailFrom: string): Promise<DoctorFinding[]> {
  const domain = /@([^\s>]+)/.exec(mailFrom)?.[1]?.toLowerCase() ?? "";
  const textsAt = async (name: string) => {
    const answer = await resolver.resolveTxt(name);
    return "found" in answer ? answer.found.map((strings) => strings.join("")) : [];
  };
  const about = "sender domain";
  const hasSpf = (await textsAt(domain)).some((text) => /^v=spf1\b/i.test(text));
  const hasDmarc = (await textsAt(`_dmarc.${domain}`)).some((text) => /^v=DMARC1\b/i.test(text));
  return [
    hasSpf
      ? ok(about, `${domain} has an SPF record.`)
      : wrong(
          about,
          `${domain} has no SPF record.`,
          `Publish ${domain} TXT "v=spf1 …" with the servers of SMTP_URL (RFC 7208).`,
        ),
    hasDmarc
      ? ok(about, `${domain} has a DMARC record.`)
      : wrong(
          about,
          `${domain} has no DMARC record.`,
          `Publish _dmarc.${domain} TXT "v=DMARC1; p=none" or stricter (RFC 7489).`,
        ),
  ];
}

/** As {@link checkPort}, at each address that the resolver finds for a host. */
export async function checkHostPort(
  resolver: Resolver,
  what: string,
  { host, port }: { host: string; port: number },
): Promise<DoctorFinding[]> {
  const answer = await resolver.resolveAddresses(host);
  if (!("found" in answer))
    return [wrong("ports", `${host} has no address.`, `Give ${host} an A or AAAA record.`)];
  return Promise.all(answer.found.map(({ address }) => checkPort(what, address, port)));
}

/** Whether a TCP port answers from here. */
export async function checkPort(what: string, host: string, port: number): Promise<DoctorFinding> {
  const socket = connect({ host, port, timeout: CONNECT_MS });
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("timeout", () => resolve(false));
  });
  socket.destroy();
  const at = `${host.includes(":") ? `[${host}]` : host}, port ${port}`;
  return isOpen
    ? ok("ports", `${what} answers at ${at}.`)
    : wrong(
        "ports",
        `${what} does not answer at ${at}.`,
        "Start it, and open the port in firewall and hoster. Try it from another network too.",
      );
}
