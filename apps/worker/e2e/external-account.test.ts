import { randomBytes } from "node:crypto";
import { type AcmeDirectories, openCas, orderCertificate } from "@waxseal/core/certificates";
import { checkDomain } from "@waxseal/core/onboarding";
import { type Pebble, startPebble } from "@waxseal/sandbox";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { loadConfig } from "../src/config.ts";
import { createWorkerDeps } from "../src/create-worker-deps.ts";
import { type FaultProxy, startFaultProxy } from "./start-fault-proxy.ts";
import { silent, startTestWorld, type TestWorld } from "./start-test-world.ts";

const KEY = randomBytes(32).toString("base64url");

let world: TestWorld;
let pebble: Pebble;
let demanding: FaultProxy;
let acme: AcmeDirectories | undefined;
beforeAll(async () => {
  world = await startTestWorld(inject("templateDatabaseUrl"));
  pebble = await startPebble({
    validationHttpPort: world.workerOptions.httpPort,
    dnsServer: world.pebble.mockDns.dnsServer,
    externalAccounts: { "kid-1": KEY },
  });
  // For its certificate: that of another Pebble has the same name as this one's, and only one of a name is trusted.
  demanding = await startFaultProxy(pebble);
});
afterEach(async () => {
  acme?.close();
  await world.database.db.acmeAccount.deleteMany();
});
afterAll(async () => {
  await demanding?.stop();
  await pebble?.stop();
  await world?.stop();
});

function depsWith(env: Record<string, string>) {
  const options = {
    ...loadConfig({ ...world.workerEnv, ...env }),
    caPem: `${world.pebble.caPem}\n${demanding.caPem}`,
  };
  const source = { db: world.database.db, now: () => world.context().now() };
  const deps = createWorkerDeps(options, source, silent);
  acme = deps.acme;
  return { ...deps, settings: world.deps.settings };
}

async function prepare(name: string): Promise<string> {
  const domain = await world.addDomain(name);
  await world.publishCnames(domain);
  await checkDomain(world.context(), { domainId: domain.id }, world.deps);
  return `mta-sts.${name}`;
}

const binding = (hmacKey = KEY) => ({ ACME_EAB_KID: "kid-1", ACME_EAB_HMAC_KEY: hmacKey });

test("RFC 8555 §7.3.4: the fallback CA gets the external account it demands and issues; the first CA, which would not know it, hears nothing of it", async () => {
  const host = await prepare("bound.example.com");
  const away = "https://127.0.0.1:9/dir";
  const deps = depsWith({ ...binding(), ACME_DIRECTORY_URL: [away, demanding.directoryUrl].join() });
  for (let attempt = 1; attempt <= 6; attempt++) {
    expect(await orderCertificate(world.context(), { host }, deps)).toEqual({ outcome: "failing" });
    world.advance(10 * 60_000);
  }
  expect(await orderCertificate(world.context(), { host }, deps)).toEqual({ outcome: "issued" });
  const certificate = await world.database.db.certificate.findFirstOrThrow({ where: { host } });
  expect(certificate.directoryUrl).toBe(demanding.directoryUrl);

  // Pebble refuses key ids it does not know, demanded or not.
  const directoryUrls = [world.pebble.directoryUrl, demanding.directoryUrl];
  expect(await openCas({ ...deps, directoryUrls })).toEqual({ opened: 2, unnamed: [] });
});

test.each([
  ["none is set", {}, "ca.unusable", /operator .* has to set or correct ACME_EAB_KID and ACME_EAB_HMAC_KEY/],
  [
    "its key is wrong",
    binding(randomBytes(32).toString("base64url")),
    "ca.refused",
    /external account binding/i,
  ],
])(
  "where the CA demands an external account and %s, the reason is given and no account is kept",
  async (what, env, code, said) => {
    const host = await prepare(`${what.replaceAll(" ", "-")}.example.com`);
    const deps = depsWith({ ...env, ACME_DIRECTORY_URL: demanding.directoryUrl });
    expect(await orderCertificate(world.context(), { host }, deps)).toEqual({ outcome: "failing" });
    const where = { accountId_host: { accountId: "a1", host } };
    expect(await world.database.db.certificateName.findUnique({ where })).toMatchObject({
      lastErrorCode: code,
      lastErrorDetail: expect.stringMatching(said),
    });
    expect(await world.database.db.acmeAccount.findFirst()).toMatchObject({ accountUrl: null });
  },
);
