import type { CheckView } from "@waxseal/contract";
import { AppError } from "@waxseal/core";
import { presentInspection } from "@waxseal/core/domain-views";
import { normalizeDomainInput } from "@waxseal/core/domains";
import type { DomainInspection } from "@waxseal/probes";
import type { z } from "zod";

type View = z.infer<typeof CheckView>;

/** Checks a domain as typed. @throws AppError `invalid`, `limit_reached` */
export type Checker = (text: string) => Promise<View>;

const MAX_RUNNING = 20;

/** A checker that looks at one domain once at a time, however many ask, and at twenty domains at most. */
export function createChecker(inspect: (domain: string) => Promise<DomainInspection>): Checker {
  const running = new Map<string, Promise<View>>();
  return async (text) => {
    const input = normalizeDomainInput(text);
    if (!input.ok) {
      const fields = [{ path: "domain", problem: input.problem }];
      throw new AppError("invalid", input.problem, { fields });
    }
    const { domain } = input;
    const same = running.get(domain);
    if (same) return same;
    if (running.size >= MAX_RUNNING) {
      throw new AppError(
        "limit_reached",
        "Many domains are being checked right now. Try again in a moment.",
        { reason: "too_many_at_once" },
      );
    }
    const check = inspect(domain)
      .then(presentInspection)
      .finally(() => running.delete(domain));
    running.set(domain, check);
    return check;
  };
}
