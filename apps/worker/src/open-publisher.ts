import type { HostingSettings } from "@waxseal/core";
import { createBuiltinPublisher, type Publisher } from "@waxseal/core/publishing";
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
  { db, now }: { db: Database; now(): Date; settings: HostingSettings },
): Publisher {
  if ("publish" in choice) return choice;
  if (choice.kind === "builtin") return createBuiltinPublisher({ db, now });
  throw new Error("DNS_PUBLISHER: route53 is not there yet");
}
