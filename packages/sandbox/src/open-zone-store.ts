import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import {
  CUSTOMER_RECORD_TYPES,
  type CustomerRecord,
  type CustomerRecordType,
  encodeRecord,
  normalizeName,
} from "./customer-record.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

const MAX_ZONES = 2_000;
const MAX_RECORDS_PER_ZONE = 500;
const DEFAULT_TTL_SECONDS = 60;

/** Where hosts live whose name begins with `nostarttls`: what an MX offers in EHLO is decided before a name is known. */
export const NO_STARTTLS_ADDRESS = "127.0.0.2";

/** A customer's domain and everything published under it. */
export type CustomerZone = { domain: string; records: CustomerRecord[] };

/** A record to publish; without `ttlSeconds` it lives for a minute. */
export type RecordInput = {
  name: string;
  type: CustomerRecordType;
  value: string;
  ttlSeconds?: number | undefined;
};

/** The zones of made-up customers, kept in one JSON file. */
export type ZoneStore = {
  list(): CustomerZone[];
  /** The zone that holds a name: the longest domain it ends in. */
  findZone(name: string): CustomerZone | undefined;
  /** Makes a domain with two MX hosts on loopback; one that exists stays as it is. */
  createZone(domain: string): Promise<CustomerZone>;
  /**
   * Makes these the records of their names and types: what stood there under the same name and type is replaced.
   * A CNAME also replaces every other type at its name, and the other way round (RFC 1034 §3.6.2).
   */
  setRecords(domain: string, records: readonly RecordInput[]): Promise<CustomerZone>;
  removeRecords(
    domain: string,
    records: readonly { name: string; type: CustomerRecordType }[],
  ): Promise<CustomerZone>;
  deleteZone(domain: string): Promise<void>;
};

/** What was asked of the sandbox cannot be done; the message is for the person who asked. */
export class SandboxRefusal extends Error {}

const StoredZones = z.array(
  z.object({
    domain: z.string(),
    records: z.array(
      z.object({
        name: z.string(),
        type: z.enum(CUSTOMER_RECORD_TYPES),
        value: z.string(),
        ttlSeconds: z.number(),
      }),
    ),
  }),
);

/** The records a new customer domain starts with: mail goes to two MX hosts on loopback. */
export function defaultRecords(domain: string): CustomerRecord[] {
  const ttlSeconds = DEFAULT_TTL_SECONDS;
  return [
    { name: domain, type: "MX", value: `10 mx1.${domain}`, ttlSeconds },
    { name: domain, type: "MX", value: `20 mx2.${domain}`, ttlSeconds },
    { name: domain, type: "TXT", value: "v=spf1 mx -all", ttlSeconds },
    { name: `mx1.${domain}`, type: "A", value: "127.0.0.1", ttlSeconds },
    { name: `mx2.${domain}`, type: "A", value: "127.0.0.1", ttlSeconds },
  ];
}

/**
 * MX records with the addresses of their hosts, one host a label, best preference first.
 *
 * `expired`, `selfsigned`, `wrongname` and `nostarttls` at the beginning of a label make a bad host, see `startReceivingMx`.
 */
export function mxRecords(domain: string, labels: readonly string[]): RecordInput[] {
  return labels.flatMap((label, index): RecordInput[] => [
    { name: domain, type: "MX", value: `${10 * (index + 1)} ${label}.${domain}` },
    {
      name: `${label}.${domain}`,
      type: "A",
      value: label.startsWith("nostarttls") ? NO_STARTTLS_ADDRESS : "127.0.0.1",
    },
  ]);
}

/**
 * Opens the zones kept in `customer-zones.json` of a data folder.
 *
 * Every change is on disk before its promise resolves. At most 2,000 zones of 500 records.
 *
 * @throws Error – the file exists and is not ours
 */
export async function openZoneStore(dataDir: string): Promise<ZoneStore> {
  const file = join(dataDir, "customer-zones.json");
  await mkdir(dataDir, { recursive: true });
  const text = await readFile(file, "utf8").catch(() => "[]");
  const zones = new Map(StoredZones.parse(JSON.parse(text)).map((zone) => [zone.domain, zone]));

  let lastWrite = Promise.resolve();
  const save = () => {
    const json = JSON.stringify([...zones.values()], null, 1);
    lastWrite = lastWrite.catch(() => {}).then(() => writeFileAtomically(file, json));
    return lastWrite;
  };
  const getZone = (domain: string) => {
    const zone = zones.get(normalizeName(domain) ?? "");
    if (!zone) throw new SandboxRefusal(`There is no sandbox domain ${domain}.`);
    return zone;
  };

  return {
    list: () => [...zones.values()],
    findZone(name) {
      for (let candidate = name; ; candidate = candidate.slice(candidate.indexOf(".") + 1)) {
        const zone = zones.get(candidate);
        if (zone || !candidate.includes(".")) return zone;
      }
    },
    async createZone(input) {
      const domain = normalizeName(input);
      if (!domain?.includes(".")) throw new SandboxRefusal(`${input} is not a domain.`);
      const existing = zones.get(domain);
      if (existing) return existing;
      if (zones.size >= MAX_ZONES)
        throw new SandboxRefusal(`The sandbox holds ${MAX_ZONES} domains and no more.`);
      const zone = { domain, records: defaultRecords(domain) };
      zones.set(domain, zone);
      await save();
      return zone;
    },
    async setRecords(domain, input) {
      const zone = getZone(domain);
      const added = input.map((record) => checkRecord(zone.domain, record));
      const kept = zone.records.filter((old) => !added.some((record) => replaces(record, old)));
      if (kept.length + added.length > MAX_RECORDS_PER_ZONE) {
        throw new SandboxRefusal(`${zone.domain} would hold more than ${MAX_RECORDS_PER_ZONE} records.`);
      }
      zone.records = [...kept, ...added];
      await save();
      return zone;
    },
    async removeRecords(domain, input) {
      const zone = getZone(domain);
      const gone = new Set(input.map(({ name, type }) => `${normalizeName(name)} ${type}`));
      zone.records = zone.records.filter(({ name, type }) => !gone.has(`${name} ${type}`));
      await save();
      return zone;
    },
    async deleteZone(domain) {
      zones.delete(getZone(domain).domain);
      await save();
    },
  };
}

function checkRecord(domain: string, input: RecordInput): CustomerRecord {
  const name = normalizeName(input.name);
  if (!name || (name !== domain && !name.endsWith(`.${domain}`))) {
    throw new SandboxRefusal(`${input.name} is not under ${domain}.`);
  }
  const ttlSeconds = Math.min(86_400, Math.max(0, Math.trunc(input.ttlSeconds ?? DEFAULT_TTL_SECONDS)));
  const record: CustomerRecord = { name, type: input.type, value: input.value, ttlSeconds };
  const encoded = encodeRecord(record);
  if (!encoded.ok) throw new SandboxRefusal(encoded.problem);
  return record;
}

function replaces(record: CustomerRecord, old: CustomerRecord): boolean {
  if (record.name !== old.name) return false;
  return record.type === old.type || record.type === "CNAME" || old.type === "CNAME";
}
