import type { DomainView } from "@waxseal/contract";
import type { z } from "zod";
import type { TestStandalone } from "./start-test-standalone.ts";

/** A domain as the API shows it. */
export type Domain = z.infer<typeof DomainView>;

/** Adds a domain and publishes its CNAMEs in the sandbox's DNS, as its owner would. */
export async function addSandboxDomain(
  waxseal: TestStandalone,
  key: string,
  domain: string,
): Promise<Domain> {
  const added = await waxseal.api<Domain>("POST", "/api/v1/domains", { key, body: { domain } });
  if (added.status !== 201) throw new Error(`not added: ${JSON.stringify(added.body)}`);
  await waxseal.api("POST", "/api/v1/sandbox/publish", { key, body: { domainId: added.body.id } });
  return added.body;
}

const ACTIVE_WITHIN_MS = 90_000;

/**
 * Waits until a domain is active and returns it.
 * @throws Error with the domain's own sentence when it does not get there
 */
export async function untilActive(waxseal: TestStandalone, key: string, id: string): Promise<Domain> {
  let last: Domain | undefined;
  for (const deadline = Date.now() + ACTIVE_WITHIN_MS; Date.now() < deadline; ) {
    last = (await waxseal.api<Domain>("GET", `/api/v1/domains/${id}`, { key }).catch(() => undefined))?.body;
    if (last?.status === "active") return last;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`not active: ${last?.sentence} ${JSON.stringify(last?.readiness)}`);
}
