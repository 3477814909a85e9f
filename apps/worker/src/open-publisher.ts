import type { HostingSettings } from "@waxseal/core";
import {
  createBuiltinPublisher,
  createRoute53Publisher,
  createSecondary,
  createSecondaryLeases,
  type Publisher,
  type Secondary,
} from "@waxseal/core/publishing";
import type { Database } from "@waxseal/db";
import type { Logger } from "@waxseal/runtime";

/** Who answers for the hosted zone; the last two are for Route 53. */
export type PublisherChoice = {
  kind: "builtin" | "route53";
  zoneId?: string | undefined;
  endpoint?: string | undefined;
  /** `address[:port]` of the secondaries of our own nameservers. */
  secondaries?: readonly string[] | undefined;
};

/**
 * Opens the publisher that was chosen; one that is open already is taken as it is.
 * @throws Error for the operator when a setting is missing
 */
export function openPublisher(
  choice: PublisherChoice | Publisher,
  { db, settings, logger }: { db: Database; settings: HostingSettings; logger: Logger },
): Publisher {
  if ("publish" in choice) return choice;
  if (choice.kind === "builtin") {
    const awaitSecondaries = createSecondaryLeases({
      secondaries: openSecondaries(choice),
      hostedZone: settings.hostedZone,
      onLapsed: (secondary) => logger.warn({ secondary }, "published without waiting for a silent secondary"),
    });
    return createBuiltinPublisher({ db, awaitSecondaries });
  }
  if (!choice.zoneId) throw new Error("DNS_PUBLISHER=route53 needs ROUTE53_ZONE_ID");
  const { zoneId, endpoint } = choice;
  return createRoute53Publisher({ zoneId, endpoint, hostedZone: settings.hostedZone });
}

/**
 * The secondaries whose answers are compared and waited for.
 * @throws RangeError – one of them is not `address[:port]`
 */
export function openSecondaries(choice: PublisherChoice | Publisher): Secondary[] {
  if ("publish" in choice || choice.kind !== "builtin") return [];
  return (choice.secondaries ?? []).map((name) => createSecondary(name));
}
