import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a load client does. */
export type FetchLoad = {
  port: number;
  rootPem: string;
  expectedBody: string;
  /** Names 0 to this are fetched, each as likely as the next. */
  names: number;
  durationMs: number;
  /** Goes on until there were so many, however busy the machine is; undefined: none. */
  atLeast?: number | undefined;
  /** Fetches under way at once, when nothing paces them. */
  concurrency: number;
  /** Fetches started per second, however long they take; undefined: as many as the server answers. */
  perSecond?: number | undefined;
};

/** What came of it. */
export type FetchLoadResult = {
  fetches: number;
  elapsedMs: number;
  /** What was wrong with how many of them. */
  problems: Record<string, number>;
  p50Ms: number;
  p99Ms: number;
  clientCpuMs: number;
  /** The most bytes a server sent for a handshake with one of a few names, right after the load. */
  handshakeBytes: number;
};

/** A load client in a process of its own, so that its work is not counted as a server's. */
export type FetchLoadClient = { run(load: FetchLoad): Promise<FetchLoadResult>; stop(): void };

const MODULE = fileURLToPath(new URL("./fetch-load-main.ts", import.meta.url));

/** Starts a load client, which waits for work. */
export function startFetchLoadClient(): FetchLoadClient {
  const child: ChildProcess = fork(MODULE, { execArgv: ["--disable-warning=ExperimentalWarning"] });
  return {
    run: (load) =>
      new Promise((resolve, reject) => {
        const onExit = () => reject(new Error("the load client ended"));
        child.once("exit", onExit);
        child.once("message", (result) => {
          child.off("exit", onExit);
          resolve(asResult(result));
        });
        child.send(load);
      }),
    stop: () => {
      if (child.connected) child.disconnect();
    },
  };
}

/** The other end of the channel is our own module and sends nothing else. */
function asResult(message: unknown): FetchLoadResult {
  return message as FetchLoadResult;
}
