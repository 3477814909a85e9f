import type { DomainView } from "@waxseal/contract";
import { expect } from "vitest";
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
  expect(added.status).toBe(201);
  await waxseal.api("POST", "/api/v1/sandbox/publish", { key, body: { domainId: added.body.id } });
  return added.body;
}

/** Waits until a domain is active and returns it. */
export async function untilActive(waxseal: TestStandalone, key: string, id: string): Promise<Domain> {
  const show = async () => (await waxseal.api<Domain>("GET", `/api/v1/domains/${id}`, { key })).body;
  await expect
    .poll(async () => show().then((domain) => domain.status, String), { timeout: 90_000, interval: 300 })
    .toBe("active");
  return show();
}
