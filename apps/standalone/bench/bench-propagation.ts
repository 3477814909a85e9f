import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { migrate, openDatabase, startEmbeddedPostgres } from "@waxseal/db";
import type { BenchReport } from "./bench-report.ts";
import { type Measured, measurePropagation } from "./measure-propagation.ts";
import { openBenchPki } from "./open-bench-pki.ts";
import { seedBenchDomains } from "./seed-bench-domains.ts";
import { seedPlainDomains } from "./seed-plain-domains.ts";
import { startPolicyProcess } from "./start-policy-process.ts";

/** Domains whose policy is changed; only they have a certificate. */
const CHANGED = 20;

/** How long after a change every policy server answers with it, and the id follows; one server is paused in the middle. */
export async function run(args: readonly string[], tell: (line: string) => void): Promise<BenchReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      domains: { type: "string", default: "50000" },
      servers: { type: "string", default: "4" },
      changes: { type: "string", default: "60" },
    },
  });
  const [domains, servers, changes] = [values.domains, values.servers, values.changes].map(Number);
  const folder = await mkdtemp(join(tmpdir(), "waxseal-bench-"));
  // Postgres runs as another user and has to pass through.
  await chmod(folder, 0o711);
  const cleanUps: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: join(folder, "postgres"), unsafeFast: true });
    cleanUps.push(() => postgres.stop());
    await migrate(postgres.databaseUrl);
    const db = openDatabase(postgres.databaseUrl);
    cleanUps.push(() => db.$disconnect());
    const secretKeys = `bench:${randomBytes(32).toString("base64url")}`;
    tell(`storing ${domains} domains`);
    await seedPlainDomains(db, (domains ?? 0) - CHANGED);
    await seedBenchDomains(db, { pki: await openBenchPki(CHANGED, tell), names: CHANGED, secretKeys });
    const processes = [];
    for (let index = 0; index < (servers ?? 0); index += 1) {
      const started = await startPolicyProcess({
        DATABASE_URL: postgres.databaseUrl,
        SECRET_KEYS: secretKeys,
        STATE_DIR: join(folder, `state-${index}`),
      });
      cleanUps.push(() => started.stop());
      processes.push(started);
    }
    tell(`${processes.length} policy servers are ready`);
    const measured = await measurePropagation({
      db,
      processes,
      changed: CHANGED,
      changes: changes ?? 0,
      tell,
    });
    return report(measured, { domains: domains ?? 0, servers: processes.length });
  } finally {
    for (const undo of cleanUps.reverse()) await undo().catch(() => undefined);
  }
}

function report(
  { phases, pausedIdMs, leaseLeftMs, staleAfterWaking }: Measured,
  { domains, servers }: { domains: number; servers: number },
): BenchReport {
  return {
    title: `Propagation of a policy: ${servers} servers, ${domains} domains`,
    conditions: [
      "from the call of setPolicy to the first answer with the new body, each server asked every few ms over TLS",
      "everything on this machine: servers, Postgres, and who asks",
      "goal: 1,000 ms p99; ids before bodies and old bodies after waking: none",
    ],
    tables: [
      {
        title: "New body at a server, and the id after all of them have it (ms)",
        rows: phases.map(({ name, bodyMs, idMs, idsTooEarly }) => ({
          phase: name,
          changes: idMs.length,
          "body p50": share(bodyMs, 0.5),
          "body p99": share(bodyMs, 0.99),
          "body max": share(bodyMs, 1),
          "id p50": share(idMs, 0.5),
          "id p99": share(idMs, 0.99),
          "ids before bodies": idsTooEarly,
        })),
      },
      {
        title: "One server paused (SIGSTOP), then woken",
        rows: [
          {
            "lease left (ms)": leaseLeftMs,
            "id after (ms)": pausedIdMs,
            "old bodies after waking": staleAfterWaking,
          },
        ],
      },
    ],
  };
}

function share(values: readonly number[], part: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
}
