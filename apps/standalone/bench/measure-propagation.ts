import { setTimeout as delay } from "node:timers/promises";
import { type Context, createContext, jobActor } from "@waxseal/core";
import { type AssessDeps, type PublishPolicyDeps, publishPolicy, setPolicy } from "@waxseal/core/policies";
import type { Database } from "@waxseal/db";
import { benchDomain, benchHost } from "./open-bench-pki.ts";
import type { PolicyProcess } from "./start-policy-process.ts";

/** Of all changes while the same servers ran. */
export type PropagationPhase = {
  name: string;
  /** One for each change and server. */
  bodyMs: number[];
  idMs: number[];
  /** Changes whose id was published while a server still answered with the body of before. */
  idsTooEarly: number;
};

export type Measured = {
  phases: PropagationPhase[];
  /** How long the first id waited that found a server paused, and what was left of that server's lease. */
  pausedIdMs: number;
  leaseLeftMs: number;
  /** Answers of the woken server that were not the newest. */
  staleAfterWaking: number;
};

type Input = {
  db: Database;
  processes: readonly PolicyProcess[];
  /** Domains that may be changed. */
  changed: number;
  changes: number;
  tell(line: string): void;
};

const ACCOUNT = "bench-account";
const LOOK_MS = 4;
const BODY_DEADLINE_MS = 15_000;
const SETTINGS = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["192.0.2.1"],
  nameservers: [],
  caaIdentities: [],
};

/** Changes policies one after another: with all servers, with one paused, and after it was woken. */
export async function measurePropagation({
  db,
  processes,
  changed,
  changes,
  tell,
}: Input): Promise<Measured> {
  const ctx = createContext({ db, now: () => new Date() }, ACCOUNT, jobActor("bench"));
  const [paused, ...others] = processes;
  if (!paused) throw new Error("no policy server");
  let number = 0;

  const change = (servers: readonly PolicyProcess[]) => {
    number += 1;
    return changeOnce(ctx, { index: number % changed, mx: `change${number}.example.net`, servers });
  };
  const phase = async (name: string, servers: readonly PolicyProcess[]): Promise<PropagationPhase> => {
    tell(name);
    const found: PropagationPhase = { name, bodyMs: [], idMs: [], idsTooEarly: 0 };
    for (let count = 0; count < changes; count += 1) {
      const one = await change(servers);
      found.bodyMs.push(...one.bodyMs);
      found.idMs.push(one.idMs);
      if (one.isTooEarly) found.idsTooEarly += 1;
    }
    return found;
  };

  const before = await phase("all servers", processes);
  paused.process.kill("SIGSTOP");
  tell("the first id with a server paused");
  const leaseLeftMs = await longestLeaseMs(db, others.length + 1);
  const first = await change(others);
  const during = await phase("one paused, lease run out", others);
  const newest = `mx: change${number}.example.net`;
  paused.process.kill("SIGCONT");
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => paused.fetchBody(benchHost(number % changed))),
  );
  const staleAfterWaking = answers.filter((body) => body !== undefined && !body.includes(newest)).length;
  const after = await phase("all again", processes);
  return { phases: [before, during, after], pausedIdMs: first.idMs, leaseLeftMs, staleAfterWaking };
}

/** DNS does not answer; mode testing needs nothing of the outside world. */
const NOBODY_ASKED: AssessDeps = {
  resolver: {
    resolveMx: async () => ({ missing: "timeout", cnames: [], detail: "not asked" }),
    resolveAddresses: () => Promise.reject(new Error("not asked")),
    resolveTlsa: () => Promise.reject(new Error("not asked")),
  },
  probeMxHost: () => Promise.reject(new Error("not asked")),
};

type OneChange = { bodyMs: number[]; idMs: number; isTooEarly: boolean };

async function changeOnce(
  ctx: Context,
  { index, mx, servers }: { index: number; mx: string; servers: readonly PolicyProcess[] },
): Promise<OneChange> {
  const host = benchHost(index);
  const hasIt = (body: string | undefined) => body?.includes(`mx: ${mx}`) === true;
  const { id: domainId } = await ctx.db.domain.findFirstOrThrow({ where: { domain: benchDomain(index) } });
  const startedAtMs = performance.now();
  const since = () => performance.now() - startedAtMs;
  const policy = { mode: "testing", mx: [mx], maxAgeSeconds: 604_800 };
  await setPolicy(ctx, { domainId, ...policy }, NOBODY_ASKED);
  const bodyMs = Promise.all(
    servers.map(async (server) => {
      while (!hasIt(await server.fetchBody(host))) {
        if (since() > BODY_DEADLINE_MS) throw new Error("a server does not answer with the new body");
        await delay(LOOK_MS);
      }
      return since();
    }),
  );
  let isTooEarly = false;
  let idMs = 0;
  const [first] = servers;
  await publishPolicy(
    ctx,
    { domainId },
    {
      settings: SETTINGS,
      interlock: NOBODY_ASKED,
      fetchPolicy: async () => fetched((await first?.fetchBody(host)) ?? ""),
      publisher: {
        publish: async () => {
          idMs = since();
          const bodies = await Promise.all(servers.map((server) => server.fetchBody(host)));
          isTooEarly = !bodies.every(hasIt);
        },
      },
    },
  );
  return { bodyMs: await bodyMs, idMs, isTooEarly };
}

/** All that publishing looks at. */
function fetched(body: string): Awaited<ReturnType<PublishPolicyDeps["fetchPolicy"]>> {
  return { found: { body } } as Awaited<ReturnType<PublishPolicyDeps["fetchPolicy"]>>;
}

/** How long publishing waits at most from now on, if no server renews its lease. */
async function longestLeaseMs(db: Database, servers: number): Promise<number> {
  const leases = await db.servingNode.findMany({ where: { kind: "policy" }, take: servers });
  return Math.max(0, ...leases.map(({ leaseUntil }) => leaseUntil.getTime() - Date.now()));
}
