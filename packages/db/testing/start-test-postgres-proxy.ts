import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to Postgres that can be cut. */
export type PostgresProxy = {
  databaseUrl: string;
  /**
   * Cuts every connection when `text` passes: before Postgres has it, or when Postgres has answered. Happens once; `andBlock` lets
   * no connection through from then on.
   */
  cutAt(text: string, when: "before" | "after", andBlock?: "andBlock"): void;
  /** Cuts every connection after `pieces()` pieces of traffic, again and again, and refuses the next few connections each time. */
  cutOften(pieces: (() => number) | undefined): void;
  wasCut(): boolean;
  unblock(): void;
  stop(): Promise<void>;
};

const REFUSED_AFTER_CUT = 3;

/** Starts a way to `databaseUrl` for tests. */
export async function startTestPostgresProxy(databaseUrl: string): Promise<PostgresProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let fault: { text: string; when: "before" | "after"; blocks: boolean } | undefined;
  let cuts = 0;
  let isBlocked = false;
  let often: { pieces(): number; left: number; refused: number } | undefined;
  const cut = () => {
    isBlocked = fault?.blocks ?? false;
    fault = undefined;
    cuts += 1;
    for (const socket of sockets) socket.destroy();
  };

  /** Whether a piece of traffic is the last one before everything is cut. */
  const isLast = () => {
    if (!often || --often.left > 0) return false;
    often.left = often.pieces();
    often.refused = REFUSED_AFTER_CUT;
    return true;
  };

  const server = createServer((client) => {
    if (isBlocked || (often && often.refused-- > 0)) return void client.destroy();
    const postgres = connect(Number(target.port), target.hostname);
    let awaitsAnswer = false;
    for (const [socket, other] of [
      [client, postgres],
      [postgres, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on("data", (bytes) => {
      if (isLast()) return cut();
      if (fault && bytes.includes(fault.text)) {
        if (fault.when === "before") return cut();
        awaitsAnswer = true;
      }
      postgres.write(bytes);
    });
    postgres.on("data", (bytes) => {
      if (isLast()) return cut();
      if (awaitsAnswer && fault) return cut();
      client.write(bytes);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const own = new URL(databaseUrl);
  own.port = String(address.port);
  return {
    databaseUrl: own.href,
    cutAt: (text, when, andBlock) => {
      cuts = 0;
      fault = { text, when, blocks: andBlock !== undefined };
    },
    cutOften: (pieces) => {
      cuts = 0;
      often = pieces && { pieces, left: pieces(), refused: 0 };
    },
    wasCut: () => cuts > 0,
    unblock: () => {
      isBlocked = false;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
