import type { HealthView } from "@waxseal/contract";
import type { z } from "zod";
import type { Health } from "../judging/health-of.ts";

/** A domain's health as the API shows it. */
export function presentHealth(health: Health | undefined): z.infer<typeof HealthView> {
  if (!health) throw new Error("A domain has no health");
  return { ...health, since: health.since?.toISOString() ?? null };
}
