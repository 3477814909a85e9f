import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
} from "dns-packet";
import { encodeRecord } from "./customer-record.ts";
import { type CustomerZone, defaultRecords, type ZoneStore } from "./open-zone-store.ts";
import { type DnsServer, queryDns } from "./query-dns.ts";

/** Names under `zone` are asked of this server: Waxseal's own nameserver. */
export type Upstream = DnsServer & { zone: string };

const RCODE = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nxDomain: 3,
  notImplemented: 4,
  refused: 5,
} as const;
const OPCODE_MASK = 0x7800;
const MAX_CNAMES = 8;
const NEGATIVE_TTL_SECONDS = 5;

type Found = { rcode: number; answers: Answer[]; authorities: Answer[] };

/**
 * Answers a question as the whole DNS of the sandbox would: customers' zones itself, the hosted zone by asking upstream.
 *
 * CNAMEs are followed across both, at most 8. With `autoZones`, a domain under
 * `.example` or `.test` that was not set up answers like a new customer's, so that
 * any made-up domain can be onboarded; those two can never be a real domain (RFC 2606 §2).
 *
 * RFC 1034 §4.3.2, RFC 2308 §2
 */
export async function answerCustomerQuery(
  deps: { zones: ZoneStore; upstreams: readonly Upstream[]; autoZones: boolean },
  query: DecodedPacket,
): Promise<Packet> {
  const [question] = query.questions ?? [];
  const flags = RECURSION_AVAILABLE | ((query.flags ?? 0) & (RECURSION_DESIRED | OPCODE_MASK));
  const reply = (rcode: number, rest: Partial<Found> = {}): Packet => ({
    flags: flags | rcode,
    questions: query.questions ?? [],
    answers: rest.answers ?? [],
    authorities: rest.authorities ?? [],
  });
  if ((query.flags ?? 0) & OPCODE_MASK) return reply(RCODE.notImplemented);
  if (!question || query.questions?.length !== 1) return reply(RCODE.formatError);
  if (question.class !== "IN" || question.type === "AXFR" || question.type === "IXFR")
    return reply(RCODE.refused);

  const answers: Answer[] = [];
  let name = question.name.toLowerCase();
  for (let followed = 0; followed <= MAX_CNAMES; followed += 1) {
    const upstream = deps.upstreams.find(({ zone }) => isUnder(name, zone));
    const found = upstream
      ? await askUpstream(upstream, { name, type: question.type })
      : lookUp(findZone(deps, name), { name, type: question.type });
    answers.push(...found.answers);
    const next = question.type === "CNAME" ? undefined : followCnames(name, found.answers);
    if (found.rcode !== RCODE.noError || next === undefined) {
      const isOwn = !upstream && answers.length === found.answers.length;
      const packet = reply(found.rcode, { answers, authorities: found.authorities });
      return isOwn ? { ...packet, flags: (packet.flags ?? 0) | AUTHORITATIVE_ANSWER } : packet;
    }
    name = next;
  }
  return reply(RCODE.serverFailure);
}

/** Where the CNAMEs that start at `name` lead; undefined when there are none, or when their end is answered too. */
function followCnames(name: string, answers: readonly Answer[]): string | undefined {
  let end = name;
  for (let followed = 0; followed <= MAX_CNAMES; followed += 1) {
    const cname = answers.find((answer) => answer.type === "CNAME" && answer.name.toLowerCase() === end);
    if (cname?.type !== "CNAME") break;
    end = cname.data.toLowerCase();
  }
  const isAnswered = answers.some((answer) => answer.type !== "CNAME" && answer.name.toLowerCase() === end);
  return end === name || isAnswered ? undefined : end;
}

function findZone(deps: { zones: ZoneStore; autoZones: boolean }, name: string): CustomerZone | undefined {
  const zone = deps.zones.findZone(name);
  if (zone || !deps.autoZones) return zone;
  const domain = name.split(".").slice(-2).join(".");
  if (!/^[^.]+\.(?:example|test)$/.test(domain)) return undefined;
  return { domain, records: defaultRecords(domain) };
}

function lookUp(zone: CustomerZone | undefined, question: Question): Found {
  if (!zone) return { rcode: RCODE.nxDomain, answers: [], authorities: [startOfAuthority(".")] };
  const soa = startOfAuthority(zone.domain);
  const atName = zone.records.filter((record) => record.name === question.name);
  if (question.name === zone.domain && (question.type === "SOA" || question.type === "NS")) {
    const ns = atName.filter((record) => record.type === "NS");
    if (question.type === "SOA") return { rcode: RCODE.noError, answers: [soa], authorities: [] };
    if (ns.length === 0) return { rcode: RCODE.noError, answers: [nameServer(zone.domain)], authorities: [] };
  }
  const matching = atName.filter(({ type }) => type === question.type || type === "CNAME");
  const answers = matching.map(encodeRecord).flatMap((encoded) => (encoded.ok ? [encoded.answer] : []));
  if (answers.length > 0) return { rcode: RCODE.noError, answers, authorities: [] };
  // RFC 8020 §2: a name with something below it exists, even when it has no records of its own.
  const exists =
    zone.records.some(({ name }) => isUnder(name, question.name)) || question.name === zone.domain;
  return { rcode: exists ? RCODE.noError : RCODE.nxDomain, answers: [], authorities: [soa] };
}

async function askUpstream(upstream: Upstream, question: Question): Promise<Found> {
  try {
    const packet = await queryDns({ server: upstream, ...question, timeoutMs: 2_000 });
    return { rcode: packet.rcode, answers: packet.answers ?? [], authorities: packet.authorities ?? [] };
  } catch {
    return { rcode: RCODE.serverFailure, answers: [], authorities: [] };
  }
}

function isUnder(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

function startOfAuthority(zone: string): Answer {
  const data = {
    mname: "ns1.sandbox-dns.example",
    rname: "hostmaster.sandbox-dns.example",
    serial: 1,
    refresh: 3_600,
    retry: 600,
    expire: 86_400,
    minimum: NEGATIVE_TTL_SECONDS,
  };
  return { type: "SOA", name: zone, ttl: NEGATIVE_TTL_SECONDS, data };
}

function nameServer(domain: string): Answer {
  return { type: "NS", name: domain, ttl: 300, data: "ns1.sandbox-dns.example" };
}
