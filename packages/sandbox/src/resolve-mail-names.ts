import { type DnsServer, queryDns } from "./query-dns.ts";

/** The look-ups of a sending MTA, all asked of one DNS server. Empty when the name or type does not exist. */
export type MailNames = {
  /** MX hosts, best preference first; the domain itself when there is none (RFC 5321 §5.1). */
  mxHosts(domain: string): Promise<string[]>;
  txt(name: string): Promise<string[][]>;
  addresses(host: string): Promise<string[]>;
};

/** @throws Error – the DNS server does not answer, or answers with a failure */
export function resolveMailNames(server: DnsServer): MailNames {
  const ask = async (name: string, type: "MX" | "TXT" | "A" | "AAAA") => {
    const { rcode, answers } = await queryDns({ server, name, type });
    if (rcode !== 0 && rcode !== 3) throw new Error(`${type} look-up of ${name} failed, rcode ${rcode}`);
    return answers ?? [];
  };
  return {
    async mxHosts(domain) {
      const records = (await ask(domain, "MX")).flatMap((answer) =>
        answer.type === "MX" ? [answer.data] : [],
      );
      const sorted = records.sort((a, b) => (a.preference ?? 0) - (b.preference ?? 0));
      if (sorted.length === 0) return [domain];
      return sorted.map(({ exchange }) => exchange.toLowerCase()).filter((host) => host !== ".");
    },
    async txt(name) {
      const records = (await ask(name, "TXT")).flatMap((answer) =>
        answer.type === "TXT" ? [answer.data] : [],
      );
      return records.map((data) => [data].flat().map((part) => Buffer.from(part).toString("utf8")));
    },
    async addresses(host) {
      const answers = [...(await ask(host, "A")), ...(await ask(host, "AAAA"))];
      return answers.flatMap((answer) =>
        answer.type === "A" || answer.type === "AAAA" ? [answer.data] : [],
      );
    },
  };
}
