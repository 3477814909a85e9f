import { useEffect, useState, useSyncExternalStore } from "react";
import { retryClock } from "../../api/client.ts";
import { describeConnection } from "../../api/describe-connection.ts";
import { Button } from "../../ui/Button.tsx";
import styles from "./ConnectionNotice.module.css";

/** On every page while the server does not answer: what is wrong, when the next attempt is, and a way to make it now. */
export function ConnectionNotice() {
  const waiting = useSyncExternalStore(retryClock.subscribe, retryClock.current);
  const isOffline = useSyncExternalStore(subscribeToOnline, () => !navigator.onLine);
  const nowMs = useSeconds(waiting?.retryAtMs);
  const words = describeConnection({ waiting, isOffline, nowMs });
  return (
    <div className={styles.place}>
      {/* A countdown is not read out each second: only what is wrong is. */}
      <p className="visually-hidden" role="status">
        {words?.what}
      </p>
      {words && (
        <section className={styles.notice} aria-label="Connection">
          <span>
            {words.what} {words.next}
          </span>
          {waiting && (
            <Button small onClick={retryClock.retryNow}>
              Retry now
            </Button>
          )}
        </section>
      )}
    </div>
  );
}

function subscribeToOnline(listener: () => void): () => void {
  const online = () => {
    retryClock.retryNow();
    listener();
  };
  window.addEventListener("online", online);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", online);
    window.removeEventListener("offline", listener);
  };
}

/** The time, updated each second until an instant; undefined: not at all. */
function useSeconds(untilMs: number | undefined): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  // A clock is outside of React.
  useEffect(() => {
    if (untilMs === undefined) return;
    const tick = () => setNowMs(Date.now());
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [untilMs]);
  return nowMs;
}
