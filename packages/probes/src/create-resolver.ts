import type { Answer, DecodedPacket, RecordType } from "dns-packet";
import { askDnsServer, type DnsReply } from "./ask-dns-server.ts";
import { createLimiter } from "./create-limiter.ts";
import type { CaaRecord, DnsAnswer, HostAddress, MxRecord, TlsaRecord } from "./dns-answer.ts";
import { describeBrokenDnssec, explainBogusDnssec } from "./explain-bogus-dnssec.ts";
import { parseDnsServers } from "./parse-dns-servers.ts";

/** Asks DNS. Names may end in a dot and have any case; names in answers are lower-case without a trailing dot. */
export type Resolver = {
  /** TXT records, each as its list of strings. */
  resolveTxt(name: string): Promise<DnsAnswer<readonly string[]>>;
  /** The target of the CNAME at this very name; `cnames` is empty. */
  resolveCname(name: string): Promise<DnsAnswer<string>>;
  /** IPv4 addresses, then IPv6; missing only when there are neither. */
  resolveAddresses(name: string): Promise<DnsAnswer<HostAddress>>;
  /** MX records, most preferred first. */
  resolveMx(name: string): Promise<DnsAnswer<MxRecord>>;
  /** The CAA set at this very name; `findCaa` climbs the tree. */
  resolveCaa(name: string): Promise<DnsAnswer<CaaRecord>>;
  resolveNs(name: string): Promise<DnsAnswer<string>>;
  resolveTlsa(name: string): Promise<DnsAnswer<TlsaRecord>>;
};

export type ResolverOptions = {
  /** `host:port` each, asked in turn; empty for those of the system. */
  readonly servers: readonly string[];
  /** For one try; three tries are made. */
  readonly timeoutMs?: number;
  readonly maxConcurrent?: number;
  /** The servers are those of a zone: a reply without the AA flag, such as a referral, is no answer. RFC 1034 §4.3.1 */
  readonly isAuthoritative?: boolean;
};

type Read<T> = (answer: Answer) => T | undefined;
type Ask = <T>(name: string, type: RecordType, read: Read<T>) => Promise<DnsAnswer<T>>;

const TRIES = 3;
const MAX_CNAMES = 8;
const MAX_RECORDS = 500;
const NOERROR = 0;
const SERVFAIL = 2;
const NXDOMAIN = 3;

/**
 * A resolver over these servers: recursive ones, or such as answer for all names asked.
 *
 * UDP with fall-back to TCP, random ids and ports, three tries over the servers in turn, CNAMEs followed (eight at most).
 * Nothing is cached. At most 500 records of an answer are kept. Its methods never throw.
 *
 * @throws RangeError – one of `servers` is not a `host:port`
 *
 * RFC 1034 §3.6.2, RFC 2181 §10.1
 */
export function createResolver(options: ResolverOptions): Resolver {
  const ask = createAsk(options);
  return {
    resolveTxt: (name) => ask(name, "TXT", readTxt),
    resolveCname: (name) => ask(name, "CNAME", readName),
    resolveAddresses: (name) => resolveAddresses(ask, name),
    resolveMx: (name) => resolveMx(ask, name),
    resolveCaa: (name) => ask(name, "CAA", readCaa),
    resolveNs: (name) => ask(name, "NS", readName),
    resolveTlsa: (name) => ask(name, "TLSA", readTlsa),
  };
}

async function resolveAddresses(ask: Ask, name: string): Promise<DnsAnswer<HostAddress>> {
  const [v4, v6] = await Promise.all([
    ask(name, "A", (answer) => readAddress(answer, 4)),
    ask(name, "AAAA", (answer) => readAddress(answer, 6)),
  ]);
  if ("found" in v4 && "found" in v6) {
    const isAuthenticated = v4.isAuthenticated && v6.isAuthenticated;
    return { ...v4, found: [...v4.found, ...v6.found], isAuthenticated };
  }
  if ("found" in v4) return v4;
  if ("found" in v6) return v6;
  // A failure of either leaves the question open; "no-record" would call it answered.
  return v4.missing === "no-record" ? v6 : v4;
}

async function resolveMx(ask: Ask, name: string): Promise<DnsAnswer<MxRecord>> {
  const answer = await ask(name, "MX", readMx);
  if ("missing" in answer) return answer;
  return { ...answer, found: answer.found.toSorted((a, b) => a.preference - b.preference) };
}

function createAsk(options: ResolverOptions): Ask {
  const servers = parseDnsServers(options.servers);
  const timeoutMs = options.timeoutMs ?? 2000;
  const limit = createLimiter(options.maxConcurrent ?? 64);

  async function askInTurn(name: string, type: RecordType): Promise<DnsReply> {
    let last: DnsReply = { failed: "unreachable", detail: "No DNS server" };
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const server = servers[attempt % servers.length];
      if (!server) break;
      last = await limit(() => askDnsServer({ server, question: { name, type }, timeoutMs }));
      if ("reply" in last && options.isAuthoritative && !last.reply.flag_aa) {
        last = { failed: "unreadable", detail: `${server.host} is not responsible for ${name}` };
      }
      if ("reply" in last && (last.rcode === NOERROR || last.rcode === NXDOMAIN)) return last;
    }
    return last;
  }

  /** Whether only DNSSEC validation failed: the same question without it is answered. */
  async function findBogus(
    name: string,
    type: RecordType,
    reply: DecodedPacket,
  ): Promise<string | undefined> {
    const [server] = servers;
    const bogusReply = explainBogusDnssec(reply, undefined);
    if (bogusReply || !server) return bogusReply;
    const question = { name, type };
    const unchecked = await limit(() =>
      askDnsServer({ server, question, timeoutMs, checkingDisabled: true }),
    );
    return explainBogusDnssec(reply, "reply" in unchecked ? unchecked : undefined);
  }

  return async <T>(name: string, type: RecordType, read: Read<T>): Promise<DnsAnswer<T>> => {
    const cnames: string[] = [];
    let current = tidyName(name);
    if (!isAskable(current)) return { missing: "bad-name", cnames, detail: "This is not a domain name" };
    while (true) {
      const asked = await askInTurn(current, type);
      if ("failed" in asked) {
        return {
          missing: asked.failed === "timeout" ? "timeout" : "server-failure",
          cnames,
          detail: asked.detail,
        };
      }
      const { reply, rcode } = asked;
      if (rcode !== NOERROR && rcode !== NXDOMAIN) {
        const bogus = rcode === SERVFAIL ? await findBogus(current, type, reply) : undefined;
        if (bogus === undefined)
          return { missing: "server-failure", cnames, detail: explainRcode(rcode, current) };
        const detail = describeBrokenDnssec(current, bogus);
        return { missing: "server-failure", cnames, detail, isBogus: true };
      }
      const before = current;
      if (type !== "CNAME") current = followCnames(reply, current, cnames);
      if (cnames.length > MAX_CNAMES) {
        return { missing: "too-many-cnames", cnames, detail: `More than ${MAX_CNAMES} CNAMEs, or a loop` };
      }
      const found = recordsAt(reply, current, type, read);
      if (found.length > 0) {
        const { flag_ad: isAuthenticated, flag_aa } = reply;
        return { found, cnames, isAuthenticated, ...(flag_aa && { isAuthoritative: true }) };
      }
      // NXDOMAIN speaks of the last name of the chain (RFC 6604 §3).
      if (rcode === NXDOMAIN) return { missing: "no-domain", cnames, detail: `${current} does not exist` };
      if (current === before)
        return { missing: "no-record", cnames, detail: `${current} has no ${type} record` };
    }
  };
}

const RCODES: Record<number, string> = {
  1: "could not read our question",
  2: "report a failure (SERVFAIL)",
  4: "do not answer this kind of question (NOTIMP)",
  5: "refuse to answer (REFUSED)",
  9: "are not responsible for it (NOTAUTH)",
};

function explainRcode(rcode: number, name: string): string {
  return `The DNS servers for ${name} ${RCODES[rcode] ?? "gave an answer that we cannot use"}`;
}

function followCnames(reply: DecodedPacket, name: string, cnames: string[]): string {
  let current = name;
  while (cnames.length <= MAX_CNAMES) {
    const [target] = recordsAt(reply, current, "CNAME", readName);
    if (target === undefined) break;
    cnames.push(target);
    current = target;
  }
  return current;
}

function recordsAt<T>(reply: DecodedPacket, name: string, type: RecordType, read: Read<T>): T[] {
  const found: T[] = [];
  for (const answer of reply.answers ?? []) {
    if (answer.type !== type || tidyName(answer.name) !== name) continue;
    const value = read(answer);
    if (value !== undefined) found.push(value);
    if (found.length === MAX_RECORDS) break;
  }
  return found;
}

function readTxt(answer: Answer): readonly string[] | undefined {
  if (answer.type !== "TXT") return undefined;
  const strings = Array.isArray(answer.data) ? answer.data : [answer.data];
  return strings.map((text) => text.toString());
}

function readName(answer: Answer): string | undefined {
  return answer.type === "CNAME" || answer.type === "NS" ? tidyName(answer.data) : undefined;
}

function readAddress(answer: Answer, family: 4 | 6): HostAddress | undefined {
  return answer.type === "A" || answer.type === "AAAA" ? { address: answer.data, family } : undefined;
}

function readMx(answer: Answer): MxRecord | undefined {
  if (answer.type !== "MX") return undefined;
  return { preference: answer.data.preference ?? 0, mxHost: tidyName(answer.data.exchange) };
}

function readCaa(answer: Answer): CaaRecord | undefined {
  if (answer.type !== "CAA") return undefined;
  const { issuerCritical = false, tag, value } = answer.data;
  return { isCritical: issuerCritical, tag: tag.toLowerCase(), value };
}

function readTlsa(answer: Answer): TlsaRecord | undefined {
  if (answer.type !== "TLSA") return undefined;
  const { usage, selector, matchingType, certificate } = answer.data;
  return { usage, selector, matchingType, data: certificate.toString("hex") };
}

function tidyName(name: string): string {
  const lower = name.toLowerCase();
  return lower.length > 1 && lower.endsWith(".") ? lower.slice(0, -1) : lower;
}

function isAskable(name: string): boolean {
  return name.length <= 253 && name.split(".").every((label) => /^[\x21-\x7e]{1,63}$/.test(label));
}
