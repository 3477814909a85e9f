import { setTimeout as delay } from "node:timers/promises";
import { targetName } from "../setup-names.ts";
import type { Secondary } from "./create-secondary.ts";
import type { DnsChange } from "./publisher.ts";

type Options = {
  secondaries: readonly Secondary[];
  hostedZone: string;
  /** How long a publication waits for one secondary. */
  leaseMs?: number | undefined;
  /** How long publications skip a secondary that did not answer in that time. */
  pauseMs?: number;
  onLapsed?: ((secondary: string) => void) | undefined;
};

const LEASE_MS = 10_000;
const PAUSE_MS = 60_000;
const FIRST_LOOK_MS = 20;
const SLOWEST_LOOK_MS = 500;

/**
 * Waits until each secondary answers with a change, or has not for the length of a lease: a broken one delays no one longer, and the
 * comparison on schedule reports it. Its own serial is not looked at: one that signs counts differently.
 */
export function createSecondaryLeases({
  secondaries,
  hostedZone,
  leaseMs = LEASE_MS,
  pauseMs = PAUSE_MS,
  onLapsed,
}: Options): (change: DnsChange) => Promise<void> {
  const lapsedUntilMs = new Map<string, number>();

  async function awaitOne(secondary: Secondary, { kind, token, records }: DnsChange): Promise<void> {
    const startedAtMs = performance.now();
    if (startedAtMs < (lapsedUntilMs.get(secondary.name) ?? 0)) return;
    const name = targetName(kind, token, hostedZone);
    for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(lookMs * 1.5, SLOWEST_LOOK_MS)) {
      if ((await secondary.compare(name, records)) === "same") return;
      if (performance.now() + lookMs > startedAtMs + leaseMs) break;
      await delay(lookMs);
    }
    lapsedUntilMs.set(secondary.name, performance.now() + pauseMs);
    onLapsed?.(secondary.name);
  }

  return async (change) => {
    await Promise.all(secondaries.map((secondary) => awaitOne(secondary, change)));
  };
}
