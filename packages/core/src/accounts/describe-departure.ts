import { readDepartureReason } from "@waxseal/contract";
import { formatInstant } from "@waxseal/contract/format-instant";

type Departure = { accountName: string; reason: string; byName: string | null; at: Date };

/** Why a person no longer belongs to an account, in one sentence. */
export function describeDeparture({ accountName, reason, byName, at }: Departure): string {
  const when = formatInstant(at.toISOString());
  switch (readDepartureReason(reason)) {
    case "removed":
      return `${byName ?? "An owner"} removed you from ${accountName} on ${when}.`;
    case "left":
      return `You left ${accountName} on ${when}.`;
    case "deleted":
      return `${accountName} was deleted on ${when}.`;
  }
}
