import type { BenchReport } from "./bench-report.ts";
import { type FetchLoad, type FetchLoadClient, startFetchLoadClient } from "./fetch-load.ts";
import { type RunningServer, settle } from "./policy-server-under-test.ts";
import { BENCH_POLICY } from "./seed-bench-domains.ts";

type Options = {
  names: number;
  rootPem: string;
  rounds: number;
  /** Of one measurement of one server. */
  roundMs: number;
  tell(line: string): void;
};

const WARM_NAMES = 20;
const CONCURRENCY = 32;
const PACED_PER_SECOND = 200;
/** Fetches, not seconds: code that is compiled as it gets hot is ready after so many, also on a busy machine. */
const WARM_UP = { durationMs: 3_000, atLeast: 5_000 };

type Figures = {
  fetches: number;
  cpuSeconds: number;
  helperCpuSeconds: number;
  elapsedMs: number;
  p50Ms: number;
  p99Ms: number;
  handshakeBytes: number;
  problems: Record<string, number>;
};

/** Measures servers that run side by side, taking turns, and sets each beside Caddy. */
export async function measurePolicyServers(
  servers: readonly RunningServer[],
  { names, rootPem, rounds, roundMs, tell }: Options,
): Promise<BenchReport> {
  const client = startFetchLoadClient();
  const load = { rootPem, expectedBody: BENCH_POLICY.body, concurrency: CONCURRENCY };
  const variants = { warm: Math.min(WARM_NAMES, names), spread: names };
  const throughput = new Map<string, Figures[]>();
  const paced = new Map<string, Figures>();
  const problems: Record<string, number> = {};
  try {
    for (const server of servers) {
      await settle(server);
      for (const count of Object.values(variants))
        await measure(server, client, { ...load, ...WARM_UP, port: server.port, names: count });
    }
    for (const [variant, count] of Object.entries(variants)) {
      for (let round = 1; round <= rounds; round++) {
        for (const server of servers) {
          const figures = await measure(server, client, {
            ...load,
            port: server.port,
            names: count,
            durationMs: roundMs,
          });
          const key = `${server.name} ${variant}`;
          throughput.set(key, [...(throughput.get(key) ?? []), figures]);
          collect(problems, server, figures);
          tell(`${key} ${round}: ${perCpuSecond([figures]).toFixed(0)} fetches per CPU second`);
        }
      }
      for (const server of servers) {
        const pace = {
          port: server.port,
          names: count,
          durationMs: roundMs * 2,
          perSecond: PACED_PER_SECOND,
        };
        const figures = await measure(server, client, { ...load, ...pace });
        paced.set(`${server.name} ${variant}`, figures);
        collect(problems, server, figures);
      }
    }
    const memory = await Promise.all(servers.map((server) => server.usage({ memory: true })));
    const rowOf = (variant: string) => (server: RunningServer) => {
      const figures = throughput.get(`${server.name} ${variant}`) ?? [];
      const slow = paced.get(`${server.name} ${variant}`);
      const caddy = throughput.get(`caddy ${variant}`);
      const total = sum(figures);
      return {
        server: server.name,
        "fetches/CPU s": perCpuSecond(figures),
        "x caddy": caddy && perCpuSecond(figures) / perCpuSecond(caddy),
        "database CPU ms/fetch": (total.helperCpuSeconds * 1_000) / total.fetches,
        "fetches/s": (total.fetches * 1_000) / total.elapsedMs,
        "p50 ms": slow?.p50Ms,
        "p99 ms": slow?.p99Ms,
        "handshake bytes": Math.max(...figures.map((figure) => figure.handshakeBytes)),
      };
    };
    return {
      title: `Policy fetches, ${names} names, each with its own ECDSA P-256 certificate (leaf + intermediate)`,
      tables: [
        { title: `warm: ${variants.warm} names`, rows: servers.map(rowOf("warm")) },
        { title: `spread: ${names} names, uniformly random`, rows: servers.map(rowOf("spread")) },
        {
          title: "memory and start",
          rows: servers.map((server, index) => ({
            server: server.name,
            processes: memory[index]?.processes,
            "memory MB (PSS)": (memory[index]?.memoryBytes ?? 0) / 1e6,
            "start to first answer s": server.startMs / 1_000,
          })),
        },
      ],
      conditions: [
        "Every fetch: new connection, full TLS 1.3 handshake (X25519, TLS_AES_128_GCM_SHA256), chain verified, GET over HTTP/1.1, status, type and body compared.",
        "Sessions are not resumed: tickets are off at Caddy and nginx, ours as it is in production.",
        "CPU: user and system of the server's whole process tree from /proc; the load client is a process of its own; servers take turns in every round.",
        `Latency: ${PACED_PER_SECOND} fetches started per second, handshake included. Client and servers share this machine: ratios mean something, absolute figures little.`,
        `Wrong answers: ${Object.keys(problems).length === 0 ? "none" : JSON.stringify(problems)}`,
      ],
    };
  } finally {
    client.stop();
  }
}

async function measure(server: RunningServer, client: FetchLoadClient, load: FetchLoad): Promise<Figures> {
  const [before, helperBefore] = [await server.usage(), await server.helperUsage()];
  const result = await client.run(load);
  const [after, helperAfter] = [await server.usage(), await server.helperUsage()];
  return {
    ...result,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    helperCpuSeconds: (helperAfter?.cpuSeconds ?? 0) - (helperBefore?.cpuSeconds ?? 0),
  };
}

function sum(figures: readonly Figures[]): {
  fetches: number;
  cpuSeconds: number;
  helperCpuSeconds: number;
  elapsedMs: number;
} {
  const add = (pick: (figure: Figures) => number) =>
    figures.reduce((total, figure) => total + pick(figure), 0);
  return {
    fetches: add((figure) => figure.fetches),
    cpuSeconds: add((figure) => figure.cpuSeconds),
    helperCpuSeconds: add((figure) => figure.helperCpuSeconds),
    elapsedMs: add((figure) => figure.elapsedMs),
  };
}

function perCpuSecond(figures: readonly Figures[]): number {
  const { fetches, cpuSeconds } = sum(figures);
  return fetches / cpuSeconds;
}

function collect(problems: Record<string, number>, server: RunningServer, figures: Figures): void {
  for (const [problem, count] of Object.entries(figures.problems)) {
    const key = `${server.name}: ${problem}`;
    problems[key] = (problems[key] ?? 0) + count;
  }
}
