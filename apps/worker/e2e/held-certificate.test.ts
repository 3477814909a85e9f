import { orderCertificate } from "@waxseal/core/certificates";
import { getDomainCertificate } from "@waxseal/core/domain-views";
import { checkDomain } from "@waxseal/core/onboarding";
import { HOUR_MS } from "@waxseal/runtime/time-spans";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestWorld, type TestWorld } from "./start-test-world.ts";

const plenty = { count: 1_000, windowMs: HOUR_MS };

let world: TestWorld;
beforeAll(async () => {
  world = await startTestWorld(inject("templateDatabaseUrl"));
});
afterAll(() => world?.stop());

test("a name that waits for a limit of the CA says until when and why, is no fault, and is issued then", async () => {
  const limits = {
    ordersPerAccount: { count: 1, windowMs: HOUR_MS },
    certificatesPerRegisteredDomain: plenty,
    certificatesPerHost: plenty,
    failedValidationsPerHost: plenty,
  };
  const deps = { ...world.deps, limits };
  const domains = [];
  for (const name of ["first.example.com", "second.example.com"]) {
    const domain = await world.addDomain(name);
    await world.publishCnames(domain);
    await checkDomain(world.context(), { domainId: domain.id }, deps);
    domains.push(domain);
  }
  const [first, second] = domains;
  if (!first || !second) throw new Error("no domains");
  const order = (domain: string) => orderCertificate(world.context(), { host: `mta-sts.${domain}` }, deps);
  const view = (domainId: string) => getDomainCertificate(world.context(), { domainId });

  expect(await order(first.domain)).toEqual({ outcome: "issued" });
  expect((await view(first.id)).held).toBeNull();
  expect(await order(second.domain)).toEqual({ outcome: "held" });
  const waiting = await view(second.id);
  expect(waiting).toMatchObject({ state: "waiting", attempts: 0, lastError: null });
  expect(waiting.held?.reason).toMatch(
    /new certificates in an hour; all of them are used\. The next is free at .* UTC\. Nothing for you to do\.$/,
  );
  expect(waiting.nextAttemptAt).toBe(waiting.held?.until);
  const waitMs = Date.parse(waiting.nextAttemptAt ?? "") - world.context().now().getTime();
  expect(waitMs).toBeGreaterThan(HOUR_MS - 60_000);
  expect(waitMs).toBeLessThan(HOUR_MS + 15 * 60_000);

  // Asking again before that changes nothing and reaches no CA.
  expect(await order(second.domain)).toEqual({ outcome: "notDue" });
  expect(await view(second.id)).toEqual(waiting);

  world.advance(waitMs + 1);
  expect(await order(second.domain)).toEqual({ outcome: "issued" });
  expect(await view(second.id)).toMatchObject({ state: "issued", held: null, nextAttemptAt: null });
});
