import { X509Certificate } from "node:crypto";
import { Agent } from "node:https";
import acme from "acme-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHttp01Responder } from "./start-http01-responder.ts";
import { type Pebble, startPebble } from "./start-pebble.ts";

let pebble: Pebble;
let responder: Awaited<ReturnType<typeof startHttp01Responder>>;

beforeAll(async () => {
  responder = await startHttp01Responder();
  pebble = await startPebble({ validationHttpPort: responder.port });
});
afterAll(async () => {
  await pebble?.stop();
  await responder?.stop();
});

async function orderCertificate(name: string): Promise<string> {
  acme.axios.defaults.httpsAgent = new Agent({ ca: pebble.caPem });
  const client = new acme.Client({
    directoryUrl: pebble.directoryUrl,
    accountKey: await acme.crypto.createPrivateEcdsaKey(),
  });
  const [, csr] = await acme.crypto.createCsr(
    { altNames: [name] },
    await acme.crypto.createPrivateEcdsaKey(),
  );
  return client.auto({
    csr,
    termsOfServiceAgreed: true,
    skipChallengeVerification: true,
    challengePriority: ["http-01"],
    challengeCreateFn: async (_authz, challenge, keyAuthorization) =>
      responder.answer(challenge.token, keyAuthorization),
    challengeRemoveFn: async () => {},
  });
}

test("a certificate for a name behind a CNAME of the mock DNS chains to the root that Pebble names", async () => {
  await pebble.mockDns.addCname("mta-sts.pebble-test.example", "token.hosted.example");
  await pebble.mockDns.addA("token.hosted.example", ["127.0.0.1"]);

  const chain = await orderCertificate("mta-sts.pebble-test.example");

  const [leaf, intermediate] = acme.crypto.splitPemChain(chain).map((pem) => new X509Certificate(pem));
  const root = new X509Certificate(await pebble.rootPem());
  expect(leaf?.checkHost("mta-sts.pebble-test.example")).toBe("mta-sts.pebble-test.example");
  expect(intermediate && leaf?.verify(intermediate.publicKey)).toBe(true);
  expect(intermediate?.verify(root.publicKey)).toBe(true);
});

test("a name whose look-up fails gets no certificate", async () => {
  await pebble.mockDns.setServfail("broken.example");
  await expect(orderCertificate("broken.example")).rejects.toThrow(/broken\.example|DNS|SERVFAIL/i);
});
