import type { HostingSettings } from "@waxseal/core";
import type { Publisher } from "@waxseal/core/publishing";
import type { Database } from "@waxseal/db";

/** Who answers for the hosted zone; the last two are for Route 53. */
export type PublisherChoice = {
  kind: "builtin" | "route53";
  zoneId?: string | undefined;
  endpoint?: string | undefined;
};

/** Opens the publisher that was chosen; one that is open already is taken as it is. */
export function openPublisher(
  choice: PublisherChoice | Publisher,
  _deps: { db: Database; now(): Date; settings: HostingSettings },
): Publisher {
  if ("publish" in choice) return choice;
  throw new Error("not there yet");
}
