import type pg from "pg";
import { createClient } from "./connect.ts";

type Listener = {
  /** Called with the payload of every notification. */
  onNotify(payload: string): void;
  /** Called whenever the connection is open (again): whatever was notified in between is lost, so catch up. */
  onConnect(): void;
  /** Called once per lost or failed connection. */
  onError?(error: Error): void;
};

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;

/**
 * Listens on a Postgres channel and reconnects for ever until stopped.
 * Returns a function that stops listening and closes the connection.
 */
export function listen(databaseUrl: string, channel: string, listener: Listener): () => Promise<void> {
  let stopped = false;
  let client: pg.Client | undefined;
  let retryMs = FIRST_RETRY_MS;
  let retryTimer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const current = createClient(databaseUrl, {
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      application_name: `listen ${channel}`,
    });
    client = current;
    let failed = false;
    const onFailure = (error: Error) => {
      if (failed || stopped) return;
      failed = true;
      listener.onError?.(error);
      current.end().catch(() => undefined);
      retryTimer = setTimeout(() => void connect(), retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    };
    current.on("error", onFailure);
    current.on("end", () => onFailure(new Error("connection closed")));
    current.on("notification", ({ payload }) => listener.onNotify(payload ?? ""));
    try {
      await current.connect();
      await current.query(`listen ${current.escapeIdentifier(channel)}`);
      retryMs = FIRST_RETRY_MS;
      if (!stopped) listener.onConnect();
    } catch (error) {
      onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }

  void connect();
  return async () => {
    stopped = true;
    clearTimeout(retryTimer);
    await client?.end().catch(() => undefined);
  };
}
