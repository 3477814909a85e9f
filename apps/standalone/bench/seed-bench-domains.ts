import { randomUUID } from "node:crypto";
import { createSecretBox, newToken } from "@waxseal/core";
import type { Database } from "@waxseal/db";
import { type BenchPki, benchDomain, benchHost } from "./open-bench-pki.ts";

const ACCOUNT = "bench-account";
const PER_STATEMENT = 2_000;

/** The policy of every domain: as one customer's many domains have it. RFC 8461 §3.2 */
export const BENCH_POLICY = {
  mx: ["mx1.example.net", "*.mail.example.net"],
  maxAgeSeconds: 604_800,
  body: "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.net\r\nmx: *.mail.example.net\r\nmax_age: 604800\r\n",
};

/** Stores `names` active domains with policy and certificate, as the worker would have left them. */
export async function seedBenchDomains(
  db: Database,
  { pki, names, secretKeys }: { pki: BenchPki; names: number; secretKeys: string },
): Promise<void> {
  const box = createSecretBox(secretKeys);
  for (let first = 0; first < names; first += PER_STATEMENT) {
    const indexes = Array.from(
      { length: Math.min(PER_STATEMENT, names - first) },
      (_, offset) => first + offset,
    );
    const rows = await Promise.all(
      indexes.map(async (index) => {
        const { chainPem, keyPem } = await pki.read(index);
        return {
          id: randomUUID(),
          domain: benchDomain(index),
          host: benchHost(index),
          token: newToken(),
          serial: index.toString(16).padStart(32, "0"),
          chainPem,
          keyJwe: await box.seal(keyPem),
        };
      }),
    );
    await insertRows(db, rows);
  }
  await db.$executeRaw`analyze`;
}

type Row = Record<"id" | "domain" | "host" | "token" | "serial" | "chainPem" | "keyJwe", string>;

async function insertRows(db: Database, rows: readonly Row[]): Promise<void> {
  const column = (name: keyof Row) => rows.map((row) => row[name]);
  const [ids, domains, hosts, tokens] = [column("id"), column("domain"), column("host"), column("token")];
  await db.$executeRaw`
    insert into domain (account_id, id, domain, token, status, created_at, active_at, served_version, published_version)
    select ${ACCOUNT}, id::uuid, domain, token, 'active', now(), now(), 1, 1
    from unnest(${ids}::text[], ${domains}::text[], ${tokens}::text[]) as row (id, domain, token)`;
  await db.$executeRaw`
    insert into domain_token (token, account_id, domain_id, created_at)
    select token, ${ACCOUNT}, id::uuid, now() from unnest(${ids}::text[], ${tokens}::text[]) as row (id, token)`;
  await db.$executeRaw`
    insert into domain_claim (domain, account_id, domain_id, claimed_at)
    select domain, ${ACCOUNT}, id::uuid, now() from unnest(${ids}::text[], ${domains}::text[]) as row (id, domain)`;
  await db.$executeRaw`
    insert into policy_version
      (account_id, domain_id, version, policy_id, mode, mx, max_age_seconds, state, created_at, created_by, published_at)
    select ${ACCOUNT}, id::uuid, 1, 'bench1', 'enforce', ${BENCH_POLICY.mx}::text[], ${BENCH_POLICY.maxAgeSeconds}::int,
           'live', now(), 'bench', now()
    from unnest(${ids}::text[]) as row (id)`;
  await db.$executeRaw`
    insert into certificate
      (account_id, id, host, chain_pem, key_jwe, issuer, serial, fingerprint256, not_before, not_after, directory_url, created_at)
    select ${ACCOUNT}, id::uuid, host, chain_pem, key_jwe, 'Bench Intermediate', serial, serial || serial, '2020-01-01',
           '2049-12-31', 'https://ca.example/directory', now()
    from unnest(${ids}::text[], ${hosts}::text[], ${column("chainPem")}::text[], ${column("keyJwe")}::text[],
                ${column("serial")}::text[]) as row (id, host, chain_pem, key_jwe, serial)`;
  await db.$executeRaw`
    insert into certificate_name (account_id, host, domain_id, state, state_since, current_certificate_id)
    select ${ACCOUNT}, host, id::uuid, 'issued', now(), id::uuid
    from unnest(${ids}::text[], ${hosts}::text[]) as row (id, host)`;
}
