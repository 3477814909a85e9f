import type { Database } from "@waxseal/db";
import type { SeenMxHost } from "../judging/seen-mx-host.ts";

/** The newest test of an MX host, when it was good and not before `since`; undefined otherwise. */
export async function findGoodTest(
  db: Database,
  mxHost: string,
  since: Date,
): Promise<SeenMxHost | undefined> {
  const rows = await db.mxHostProbe.findMany({ where: { mxHost, probedAt: { gte: since } } });
  const whole = rows.find(({ address }) => address === "");
  if (whole?.state !== "good") return undefined;
  const addresses = rows.filter(({ address }) => address !== "");
  return {
    mxHost,
    state: "good",
    fault: null,
    detail: null,
    certificateNotAfter: whole.certificateNotAfter,
    dane: whole.dane as SeenMxHost["dane"],
    addressesGood: addresses.length > 0 ? addresses.filter(({ state }) => state === "good").length : 1,
    addressesAll: Math.max(1, addresses.length),
  };
}
