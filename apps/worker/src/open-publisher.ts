import type { HostingSettings } from "@waxseal/core";
import { createBuiltinPublisher, createRoute53Publisher, type Publisher } from "@waxseal/core/publishing";
import type { Database } from "@waxseal/db";

/** Who answers for the hosted zone; the last two are for Route 53. */
export type PublisherChoice = {
  kind: "builtin" | "route53";
  zoneId?: string | undefined;
  endpoint?: string | undefined;
};

/**
 * Opens the publisher that was chosen; one that is open already is taken as it is.
 * @throws Error for the operator when a setting is missing
 */
export function openPublisher(
  choice: PublisherChoice | Publisher,
  { db, now, settings }: { db: Database; now(): Date; settings: HostingSettings },
): Publisher {
  if ("publish" in choice) return choice;
  if (choice.kind === "builtin") return createBuiltinPublisher({ db, now });
  if (!choice.zoneId) throw new Error("DNS_PUBLISHER=route53 needs ROUTE53_ZONE_ID");
  const { zoneId, endpoint } = choice;
  return createRoute53Publisher({ zoneId, endpoint, hostedZone: settings.hostedZone });
}
