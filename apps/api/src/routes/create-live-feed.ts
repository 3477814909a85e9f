import { Readable } from "node:stream";
import { AppError } from "@waxseal/core";
import { DOMAIN_CHANNEL } from "@waxseal/core/domains";
import { listen } from "@waxseal/db";
import type { Logger } from "@waxseal/runtime";

/** The account and domain that are followed, and whether the follower still may; checked before anything is sent. */
type Following = { accountId: string; domainId: string; isAllowed(): Promise<boolean> };

/** Says when a domain looks different, to any number of followers from one connection to Postgres. */
export type LiveFeed = {
  /**
   * A stream of server-sent events: `changed` now, after each change and after anything may have been missed; between
   * them comments, so that proxies keep the connection. Ends when `isAllowed` says no, or with the feed.
   * @throws AppError `limit_reached` – too many of this account, or of all; `unavailable` – being stopped
   */
  follow(following: Following): Readable;
  stop(): Promise<void>;
};

const HEARTBEAT_MS = 15_000;
/** A check touches several tables in a row: the viewer sees one change. */
const GATHER_MS = 100;
const CHANGED = "event: changed\ndata: {}\n\n";
const HEARTBEAT = ": still here\n\n";

/** Listens from the start; `heartbeatMs` and the bounds are for tests. */
export function createLiveFeed(
  databaseUrl: string,
  logger: Pick<Logger, "warn">,
  { heartbeatMs = HEARTBEAT_MS, mostOfAccount = 40, most = 2_000 } = {},
): LiveFeed {
  const followers = new Map<string, Set<{ tell(): void; end(): void }>>();
  const counts = new Map<string, number>();
  let total = 0;
  let isStopped = false;

  const stopListening = listen(databaseUrl, DOMAIN_CHANNEL, {
    onNotify: (key) => {
      for (const follower of followers.get(key) ?? []) follower.tell();
    },
    onConnect: () => {
      for (const group of followers.values()) for (const follower of group) follower.tell();
    },
    onError: (error) => logger.warn({ err: error }, "live updates are interrupted"),
  });

  function follow({ accountId, domainId, isAllowed }: Following): Readable {
    if (isStopped) throw new AppError("unavailable", "This server is being stopped.", { reason: "stopping" });
    const count = counts.get(accountId) ?? 0;
    if (count >= mostOfAccount || total >= most)
      throw new AppError(
        "limit_reached",
        "Too many pages are open at once. This page refreshes every few seconds instead.",
        { reason: "too_many_at_once" },
      );
    const key = `${accountId} ${domainId}`;
    const stream = new Readable({
      read: () => undefined,
      destroy: (error, done) => {
        leave();
        done(error);
      },
    });
    let hasEnded = false;
    const end = () => {
      if (!hasEnded) stream.push(null);
      hasEnded = true;
    };
    let gathering: NodeJS.Timeout | undefined;
    const say = async (text: string) => {
      const isStillAllowed = await isAllowed().catch(() => false);
      // A client that does not read would make us buffer what was sent.
      if (!isStillAllowed || stream.readableLength > 4_096) end();
      else if (!hasEnded && !stream.destroyed) stream.push(text);
    };
    const follower = {
      tell: () => {
        gathering ??= setTimeout(() => {
          gathering = undefined;
          void say(CHANGED);
        }, GATHER_MS);
      },
      end,
    };
    const heartbeat = setInterval(() => void say(HEARTBEAT), heartbeatMs);
    const group = followers.get(key) ?? new Set();
    followers.set(key, group.add(follower));
    counts.set(accountId, count + 1);
    total += 1;
    stream.push(CHANGED);

    function leave(): void {
      clearTimeout(gathering);
      clearInterval(heartbeat);
      group.delete(follower);
      if (group.size === 0) followers.delete(key);
      const left = (counts.get(accountId) ?? 1) - 1;
      if (left > 0) counts.set(accountId, left);
      else counts.delete(accountId);
      total -= 1;
    }
    return stream;
  }

  return {
    follow,
    stop: async () => {
      isStopped = true;
      for (const group of followers.values()) for (const follower of group) follower.end();
      await stopListening();
    },
  };
}
