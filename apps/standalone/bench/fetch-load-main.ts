// The load client: a process of its own that gets its orders over IPC. Every fetch is a new connection with a full TLS 1.3
// handshake, a verified chain, and an answer that is read and compared.
import { connect as connectTcp } from "node:net";
import { connect, createSecureContext, type SecureContext } from "node:tls";
import type { FetchLoad, FetchLoadResult } from "./fetch-load.ts";
import { benchHost } from "./open-bench-pki.ts";

const CIPHER = "TLS_AES_128_GCM_SHA256";
const GROUP = "X25519";
const DEADLINE_MS = 10_000;
const HANDSHAKE_SAMPLES = 20;
const HEAD_END = "\r\n\r\n";

process.on("message", (load: FetchLoad) => {
  runLoad(load).then(
    (result) => process.send?.(result),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));

async function runLoad(load: FetchLoad): Promise<FetchLoadResult> {
  const secureContext = createSecureContext({
    ca: load.rootPem,
    minVersion: "TLSv1.3",
    ciphers: CIPHER,
    ecdhCurve: GROUP,
  });
  const latenciesMs: number[] = [];
  const problems = new Map<string, number>();
  const startedMs = performance.now();
  const cpuBefore = process.cpuUsage();
  let started = 0;

  async function fetchOne(): Promise<void> {
    started += 1;
    const fetchStartedMs = performance.now();
    const problem = await fetchPolicy(load, secureContext, Math.trunc(Math.random() * load.names));
    latenciesMs.push(performance.now() - fetchStartedMs);
    if (problem) problems.set(problem, (problems.get(problem) ?? 0) + 1);
  }

  const isOver = () => performance.now() - startedMs >= load.durationMs && started >= (load.atLeast ?? 0);
  if (load.perSecond === undefined) {
    await Promise.all(
      Array.from({ length: load.concurrency }, async () => {
        while (!isOver()) await fetchOne();
      }),
    );
  } else await runPaced(load.perSecond, startedMs, isOver, fetchOne);

  latenciesMs.sort((a, b) => a - b);
  const cpu = process.cpuUsage(cpuBefore);
  const percentile = (share: number) => latenciesMs[Math.trunc((latenciesMs.length - 1) * share)] ?? 0;
  return {
    fetches: started,
    elapsedMs: performance.now() - startedMs,
    problems: Object.fromEntries(problems),
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    clientCpuMs: (cpu.user + cpu.system) / 1_000,
    handshakeBytes: await measureHandshake(load, secureContext),
  };
}

/** Starts fetches on the clock, whatever became of those before: a stall of the server delays no other fetch. */
async function runPaced(
  perSecond: number,
  startedMs: number,
  isOver: () => boolean,
  fetchOne: () => Promise<void>,
): Promise<void> {
  const open = new Set<Promise<void>>();
  for (let index = 0; !isOver(); index++) {
    const waitMs = startedMs + (index * 1_000) / perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const fetching: Promise<void> = fetchOne().finally(() => open.delete(fetching));
    open.add(fetching);
  }
  await Promise.all(open);
}

/** One fetch; what was wrong with it, or undefined. */
function fetchPolicy(
  { port, expectedBody }: FetchLoad,
  secureContext: SecureContext,
  index: number,
): Promise<string | undefined> {
  const servername = benchHost(index);
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({
      port,
      host: "127.0.0.1",
      servername,
      secureContext,
      ALPNProtocols: ["http/1.1"],
    });
    const finish = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(DEADLINE_MS, () => finish("no answer in time"));
    socket.once("error", (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
    socket.once("close", () => finish("closed early"));
    socket.once("secureConnect", () => {
      if (socket.isSessionReused()) finish("session was reused");
      socket.write(
        `GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: ${servername}\r\nUser-Agent: bench\r\n\r\n`,
      );
    });
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const headEnd = text.indexOf(HEAD_END);
      if (headEnd < 0 || text.length < headEnd + HEAD_END.length + expectedBody.length) return;
      finish(findProblem(text, headEnd, expectedBody));
    });
  });
}

/** A server that sends more certificates than it should does not fail at once: it shows in the size. */
async function measureHandshake({ port, names }: FetchLoad, secureContext: SecureContext): Promise<number> {
  let most = 0;
  for (let sample = 0; sample < HANDSHAKE_SAMPLES; sample++) {
    const servername = benchHost(Math.trunc(Math.random() * names));
    const bytes = await new Promise<number>((resolve) => {
      const socket = connectTcp({ port, host: "127.0.0.1" });
      const secured = connect({ socket, servername, secureContext }, () => {
        resolve(socket.bytesRead);
        secured.destroy();
      });
      secured.once("error", () => resolve(0));
    });
    most = Math.max(most, bytes);
  }
  return most;
}

function findProblem(text: string, headEnd: number, expectedBody: string): string | undefined {
  if (!text.startsWith("HTTP/1.1 200 ")) return text.slice(0, 20);
  if (!/\r\ncontent-type: text\/plain/i.test(text.slice(0, headEnd))) return "not text/plain";
  return text.slice(headEnd + HEAD_END.length) === expectedBody ? undefined : "another body";
}
