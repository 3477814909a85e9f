import { hostname } from "node:os";
import type { Schemas } from "@waxseal/client";
import { AppError } from "@waxseal/core/app-error";
import { presentInspection } from "@waxseal/core/domain-views";
import { normalizeDomainInput } from "@waxseal/core/normalize-domain-input";
import { createAddressGuard, inspectDomain } from "@waxseal/probes";
import { loadProbing } from "./open-installation.ts";
import type { Terminal } from "./terminal.ts";

/** Checks a domain from this machine. @throws AppError `invalid` – it is none */
export async function checkFromHere(terminal: Terminal, name: string): Promise<Schemas["Check"]> {
  const input = normalizeDomainInput(name);
  if (!input.ok) throw new AppError("invalid", input.problem);
  const { allowPrivate, ...probing } = loadProbing(terminal);
  const guard = createAddressGuard({ allowPrivate });
  const heloName = hostname();
  return presentInspection(
    await inspectDomain({ ...probing, domain: input.domain, guard, heloName, now: terminal.now }),
  );
}
