import { targetName } from "@waxseal/core";
import { orderCertificate } from "@waxseal/core/certificates";
import { checkDomain } from "@waxseal/core/onboarding";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { SETTINGS, startTestWorld, type TestWorld } from "./start-test-world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startTestWorld(inject("templateDatabaseUrl"));
});
afterAll(() => world?.stop());

async function prepare(name: string) {
  const domain = await world.addDomain(name);
  await world.publishCnames(domain);
  await checkDomain(world.context(), { domainId: domain.id }, world.deps);
  return { domain, host: `mta-sts.${name}` };
}

const nameOf = (host: string) =>
  world.database.db.certificateName.findUniqueOrThrow({
    where: { accountId_host: { accountId: "a1", host } },
  });

const failuresOf = (domainId: string) =>
  world.database.db.event.count({ where: { domainId, kind: "certificate.failed" } });

test("a CA outage is shown in words and retried with growing delays until it works", async () => {
  const { domain, host } = await prepare("down.example.com");
  const down = { ...world.deps, directoryUrls: ["https://127.0.0.1:9/dir"] };
  expect(await orderCertificate(world.context(), { host }, down)).toEqual({ outcome: "failing" });
  const first = await nameOf(host);
  expect(first).toMatchObject({
    state: "failing",
    attempts: 1,
    lastErrorCode: "ca.unreachable",
    leaseOwner: null,
  });
  expect(first.lastErrorDetail).toMatch(/127\.0\.0\.1:9.*does not answer.*Nothing for you to do/);
  expect(waitMs(first)).toBe(60_000);

  expect(await orderCertificate(world.context(), { host }, down)).toEqual({ outcome: "notDue" });
  world.advance(60_000);
  await orderCertificate(world.context(), { host }, down);
  const second = await nameOf(host);
  expect(second.attempts).toBe(2);
  expect(waitMs(second)).toBe(120_000);
  expect(await failuresOf(domain.id)).toBe(1);

  world.advance(120_000);
  expect(await orderCertificate(world.context(), { host }, world.deps)).toEqual({ outcome: "issued" });
  expect(await nameOf(host)).toMatchObject({ attempts: 0, lastErrorCode: null, lastErrorDetail: null });
});

function waitMs(name: { nextAttemptAt: Date | null; lastErrorAt: Date | null }): number {
  return (name.nextAttemptAt?.getTime() ?? 0) - (name.lastErrorAt?.getTime() ?? 0);
}

test("no order is placed while the CNAME is missing, and the owner reads what to publish", async () => {
  const { domain, host } = await prepare("gone.example.com");
  await world.pebble.mockDns.clear(host);
  expect(await orderCertificate(world.context(), { host }, world.deps)).toEqual({ outcome: "failing" });
  const name = await nameOf(host);
  expect(name).toMatchObject({ lastErrorCode: "preflight.cname", orderUrl: null });
  expect(name.lastErrorDetail).toContain(targetName("policyHost", domain.token, SETTINGS.hostedZone));
});

test("RFC 8659 §3: a CAA set at the CNAME's target that names another CA stops us before the CA does", async () => {
  const { domain, host } = await prepare("caa.example.com");
  const target = targetName("policyHost", domain.token, SETTINGS.hostedZone);
  await world.pebble.mockDns.addCaa(target, "issue", "other-ca.example");
  await orderCertificate(world.context(), { host }, world.deps);
  const name = await nameOf(host);
  expect(name).toMatchObject({ lastErrorCode: "preflight.caa", orderUrl: null });
  expect(name.lastErrorDetail).toContain("other-ca.example");
});

test.each([
  ["CNAME", "preflight.dns"],
  ["CAA", "preflight.caa"],
] as const)(
  "RFC 4035 §5.5: broken DNSSEC at the %s look-up stops us before the CA, which validates too",
  async (type, lastErrorCode) => {
    const { host } = await prepare(`bogus-${type.toLowerCase()}.example.com`);
    const detail = `The DNSSEC of ${host} is broken: a signature has expired`;
    const bogus = async () => ({ missing: "server-failure", cnames: [], detail, isBogus: true }) as const;
    const resolver = {
      ...world.deps.resolver,
      ...(type === "CAA" ? { resolveCaa: bogus } : { resolveCname: bogus }),
    };
    await orderCertificate(world.context(), { host }, { ...world.deps, resolver });
    const name = await nameOf(host);
    expect(name).toMatchObject({ lastErrorCode, orderUrl: null });
    expect(name.lastErrorDetail).toBe(
      `${detail}. Certificate authorities validate DNSSEC and issue nothing for such a name. Action needed: repair the DNSSEC of the zone, or remove its DS record.`,
    );
  },
);

test("port 80 answered by another server stops us before the CA does", async () => {
  const { host } = await prepare("elsewhere.example.com");
  const deps = {
    ...world.deps,
    fetchHttp01: async () => ({ found: { body: "parked", address: "192.0.2.9", addresses: ["192.0.2.9"] } }),
  };
  await orderCertificate(world.context(), { host }, deps);
  const name = await nameOf(host);
  expect(name).toMatchObject({ lastErrorCode: "preflight.http", orderUrl: null });
  expect(name.lastErrorDetail).toContain("192.0.2.9");
  expect(await world.database.db.acmeChallenge.count()).toBe(0);
});

test("RFC 8555 §7.1.6: a validation the CA fails ends the order, and the next attempt is a new one", async () => {
  const { domain, host } = await prepare("split.example.com");
  // Our own view is right, the CA's is not: nothing listens at 127.0.0.2.
  await world.pebble.mockDns.addA(targetName("policyHost", domain.token, SETTINGS.hostedZone), ["127.0.0.2"]);
  await orderCertificate(
    world.context(),
    { host },
    {
      ...world.deps,
      fetchHttp01: async ({ token }) => {
        const challenge = await world.database.db.acmeChallenge.findUniqueOrThrow({ where: { token } });
        return {
          found: { body: challenge.keyAuthorization, address: "127.0.0.1", addresses: ["127.0.0.1"] },
        };
      },
    },
  );
  const name = await nameOf(host);
  expect(name).toMatchObject({ state: "failing", lastErrorCode: "ca.validation", orderUrl: null });
  expect(name.lastErrorDetail).toMatch(/could not verify mta-sts\.split\.example\.com: .*127\.0\.0\.2/);
  expect(await world.database.db.acmeChallenge.count()).toBe(0);

  await world.pebble.mockDns.clear(targetName("policyHost", domain.token, SETTINGS.hostedZone));
  world.advance(60_000);
  expect(await orderCertificate(world.context(), { host }, world.deps)).toEqual({ outcome: "issued" });
});

test("a CA that lost our account gets it again", async () => {
  const { host } = await prepare("forgotten.example.com");
  const { db } = world.database;
  const account = await db.acmeAccount.findFirstOrThrow({
    where: { directoryUrl: world.pebble.directoryUrl },
  });
  await world.deps.acme.forgetAccount(world.pebble.directoryUrl);
  await db.acmeAccount.updateMany({
    where: { directoryUrl: world.pebble.directoryUrl },
    data: { accountUrl: `${account.accountUrl}000` },
  });
  expect(await orderCertificate(world.context(), { host }, world.deps)).toEqual({ outcome: "failing" });
  world.advance(60_000);
  expect(await orderCertificate(world.context(), { host }, world.deps)).toEqual({ outcome: "issued" });
});

test("of two directories the second is asked after the first was down for long enough", async () => {
  const { host } = await prepare("fallback.example.com");
  const deps = { ...world.deps, directoryUrls: ["https://127.0.0.1:9/dir", world.pebble.directoryUrl] };
  for (let attempt = 1; attempt <= 6; attempt++) {
    expect(await orderCertificate(world.context(), { host }, deps)).toEqual({ outcome: "failing" });
    world.advance(10 * 60_000);
  }
  expect(await orderCertificate(world.context(), { host }, deps)).toEqual({ outcome: "issued" });
  const certificate = await world.database.db.certificate.findFirstOrThrow({ where: { host } });
  expect(certificate.directoryUrl).toBe(world.pebble.directoryUrl);
});
