import { expect, test } from "vitest";
import { foldSessions } from "./fold-sessions.ts";

const session = (id: string, day: string, changes: object = {}) => ({
  id,
  signedInAt: "2026-11-01T00:00:00.000Z",
  lastSeenAt: `2026-11-${day}T00:00:00.000Z`,
  expiresAt: "2026-12-31T00:00:00.000Z",
  address: "192.0.2.1",
  device: "Chrome on Linux",
  by: "password" as const,
  isThisOne: false,
  ...changes,
});

test("equal sessions are one row with the latest day, this device stays alone and first", () => {
  const rows = foldSessions([
    session("a", "03"),
    session("b", "07"),
    session("c", "09", { address: "192.0.2.9" }),
    session("me", "01", { isThisOne: true }),
  ]);
  expect(rows.map(({ ids, lastSeenAt }) => [ids, lastSeenAt.slice(8, 10)])).toEqual([
    [["me"], "01"],
    [["c"], "09"],
    [["a", "b"], "07"],
  ]);
});
