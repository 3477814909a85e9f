import { ChannelMatch } from "@waxseal/contract";
import { ALERT_CONDITION_CODES, type AlertCondition } from "@waxseal/contract/alert-conditions";
import type { Channel } from "@waxseal/db";
import type { z } from "zod";

/** Which incidents a channel takes. A condition that this release does not know is left out; one of none is everything. */
export function readMatch({ match }: Pick<Channel, "match">): z.infer<typeof ChannelMatch> {
  const { conditions, ...rest }: Record<string, unknown> = { ...Object(match) };
  const isKnown = (code: unknown): code is AlertCondition =>
    ALERT_CONDITION_CODES.some((one) => one === code);
  const known = Array.isArray(conditions) ? conditions.filter(isKnown) : [];
  return ChannelMatch.safeParse({ ...rest, ...(known.length > 0 && { conditions: known }) }).data ?? {};
}
