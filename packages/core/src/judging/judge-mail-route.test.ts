import { expect, test } from "vitest";
import { WATCHED_SENTENCES } from "./describe-watched.ts";
import type { JudgedFacts } from "./judge-domain.ts";
import { judgeRoute } from "./judge-mail-route.ts";
import type { WatchedFacts } from "./watched-facts.ts";

const at = (day: string) => new Date(`${day}T12:00:00Z`);
const NOW = at("2026-11-29");
const [OLD, NEW] = ["mx1.example.com", "example-com.mail.protection.outlook.com"];
const seen = (mxHost: string, first: string, last: string) => ({
  ...{ mxHost, firstSeenAt: at(first), lastSeenAt: at(last) },
});

function said(watched: Pick<WatchedFacts, "mxSeen" | "mxNow">, mode: JudgedFacts["mode"] = "testing") {
  const rest = { horizonAt: null, enforcedUntil: null, leftAt: null, tlsRptSince: null, fetchingNetworks: 0 };
  const all: WatchedFacts = { ...rest, claim: "own", refusals: null, reports: null, ...watched };
  const facts = { domain: "example.com", status: "active", mode, watched: all } as JudgedFacts;
  const [found] = judgeRoute(facts, [], [], NOW);
  return found && WATCHED_SENTENCES["mx.migration"]({ ...found, isEnforced: mode === "enforce" });
}

test("a move to another provider says since when, and when the old hosts left", () => {
  const came = seen(NEW, "2026-11-20", "2026-11-29");
  const begun = { mxSeen: [seen(OLD, "2026-01-01", "2026-11-29"), came], mxNow: [OLD, NEW] };
  expect(said(begun)).toBe(
    `Since 20 Nov 2026 the mail is moving to Microsoft 365 (${NEW}). Keep the old and the new hosts in the policy until the move is done.`,
  );
  const gone = { mxSeen: [seen(OLD, "2026-01-01", "2026-11-26"), came], mxNow: [NEW] };
  expect(said(gone, "enforce")).toBe(
    `Since 20 Nov 2026 the mail is moving to Microsoft 365 (${NEW}). ${OLD} left the MX records on 26 Nov 2026. Keep the old and the new hosts in the policy until the move is done, or mail is refused.`,
  );
});
