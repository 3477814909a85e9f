import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import acme from "acme-client";
import { exportJWK, FlattenedSign, generateKeyPair } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { certificateIdOf } from "./open-issued-certificates.ts";
import { type AcmeCa, startAcmeCa } from "./start-acme-ca.ts";
import { type CustomerDns, startCustomerDns } from "./start-customer-dns.ts";
import { startHttp01Responder } from "./start-http01-responder.ts";

let dir: string;
let dns: CustomerDns;
let responder: Awaited<ReturnType<typeof startHttp01Responder>>;
let ca: AcmeCa;
let accountKey: Buffer;

const NAME = "mta-sts.bakery.example";

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "waxseal-sandbox-"));
  dns = await startCustomerDns({ port: 0, dataDir: join(dir, "dns") });
  responder = await startHttp01Responder();
  ca = await startCa(0);
  accountKey = await acme.crypto.createPrivateEcdsaKey();
  await dns.zones.createZone("bakery.example");
  await dns.zones.createZone("hosted.example");
  await dns.zones.setRecords("hosted.example", [{ name: "t.hosted.example", type: "A", value: "127.0.0.1" }]);
  await dns.zones.setRecords("bakery.example", [{ name: NAME, type: "CNAME", value: "t.hosted.example" }]);
});
afterEach(async () => {
  await ca.stop();
  await responder.stop();
  await dns.stop();
  await rm(dir, { recursive: true, force: true });
});

async function startCa(port: number): Promise<AcmeCa> {
  const started = await startAcmeCa({
    port,
    dataDir: join(dir, "ca"),
    dnsServer: { host: "127.0.0.1", port: dns.port },
    validationHttpPort: responder.port,
  });
  acme.axios.defaults.httpsAgent = new Agent({ ca: started.rootPem });
  return started;
}

async function orderCertificate(name: string, csrName = name): Promise<string> {
  const client = new acme.Client({ directoryUrl: ca.directoryUrl, accountKey });
  const [, csr] = await acme.crypto.createCsr(
    { altNames: [csrName] },
    await acme.crypto.createPrivateEcdsaKey(),
  );
  await client.createAccount({ termsOfServiceAgreed: true });
  const order = await client.createOrder({ identifiers: [{ type: "dns", value: name }] });
  for (const authorization of await client.getAuthorizations(order)) {
    const [challenge] = authorization.challenges;
    if (!challenge) throw new Error("no challenge");
    responder.answer(challenge.token, await client.getChallengeKeyAuthorization(challenge));
    await client.completeChallenge(challenge);
    await client.waitForValidStatus(challenge);
  }
  return client.getCertificate(await client.finalizeOrder(order, csr));
}

/** A signed request by hand, to get wrong what acme-client gets right. */
async function createSigner() {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(publicKey);
  const base = ca.directoryUrl.replace("/directory", "");
  const nonce = async (): Promise<string> =>
    (await acme.axios.head(`${base}/new-nonce`)).headers["replay-nonce"] ?? "";
  const post = async (
    path: string,
    payload: unknown,
    header: object,
    contentType = "application/jose+json",
  ) => {
    const body = await new FlattenedSign(Buffer.from(payload === undefined ? "" : JSON.stringify(payload)))
      .setProtectedHeader({ alg: "ES256", url: `${base}${path}`, nonce: await nonce(), ...header })
      .sign(privateKey);
    const options = { headers: { "content-type": contentType }, validateStatus: () => true };
    return acme.axios.post(`${base}${path}`, JSON.stringify(body), options);
  };
  const account = await post("/new-account", {}, { jwk });
  return { post, jwk, nonce, kid: account.headers.location ?? "" };
}

test("RFC 8555 §8.3: a name behind a CNAME is validated over HTTP and gets a chain to the sandbox root for 90 days", async () => {
  const chain = await orderCertificate(NAME);

  const [leaf, intermediate] = acme.crypto.splitPemChain(chain).map((pem) => new X509Certificate(pem));
  const root = new X509Certificate(await readFile(ca.rootFile, "utf8"));
  expect(leaf?.checkHost(NAME)).toBe(NAME);
  expect(intermediate && leaf?.checkIssued(intermediate) && leaf.verify(intermediate.publicKey)).toBe(true);
  expect(intermediate?.checkIssued(root) && intermediate.verify(root.publicKey)).toBe(true);
  const lifeMs = (leaf?.validToDate.getTime() ?? 0) - (leaf?.validFromDate.getTime() ?? 0);
  expect(lifeMs).toBe(90 * 24 * 3_600_000);
  expect(responder.hosts).toEqual([NAME]);
});

test("a challenge that is not answered leaves the order invalid and says what was seen", async () => {
  await dns.zones.createZone("other.example");
  await dns.zones.setRecords("other.example", [
    { name: "mta-sts.other.example", type: "A", value: "127.0.0.1" },
  ]);
  const client = new acme.Client({ directoryUrl: ca.directoryUrl, accountKey });
  await client.createAccount({ termsOfServiceAgreed: true });
  const order = await client.createOrder({ identifiers: [{ type: "dns", value: "mta-sts.other.example" }] });
  const [authorization] = await client.getAuthorizations(order);
  const [challenge] = authorization?.challenges ?? [];
  if (!challenge) throw new Error("no challenge");
  expect(await client.completeChallenge(challenge)).toMatchObject({
    status: "invalid",
    error: {
      type: "urn:ietf:params:acme:error:unauthorized",
      detail: expect.stringContaining(`127.0.0.1:${responder.port} answered 404`),
    },
  });
  expect((await client.getOrder(order)).status).toBe("invalid");
});

test("RFC 8555 §8.3: an answer with another key's authorization validates nothing", async () => {
  const { post, kid } = await createSigner();
  const { data: order } = await post("/new-order", { identifiers: [{ type: "dns", value: NAME }] }, { kid });
  const [authorizationUrl] = order.authorizations;
  const { data: authorization } = await post(new URL(authorizationUrl).pathname, undefined, { kid });
  const [challenge] = authorization.challenges;
  responder.answer(challenge.token, `${challenge.token}.somebodyElses`);
  const { data } = await post(new URL(challenge.url).pathname, {}, { kid });
  expect(data).toMatchObject({
    status: "invalid",
    error: {
      type: "urn:ietf:params:acme:error:unauthorized",
      detail: expect.stringContaining("somebodyElses"),
    },
  });
});

test("RFC 8659 §3: CAA at the CNAME's target decides before the owner's, and without one the owner's is obeyed", async () => {
  await dns.zones.setRecords("bakery.example", [
    { name: "bakery.example", type: "CAA", value: '0 issue "other-ca.example"' },
  ]);
  await expect(orderCertificate(NAME)).rejects.toThrow(/CAA at bakery\.example allows other-ca\.example/);

  await dns.zones.setRecords("hosted.example", [
    { name: "t.hosted.example", type: "CAA", value: '0 issue "sandbox-ca.example"' },
  ]);
  await expect(orderCertificate(NAME)).resolves.toContain("BEGIN CERTIFICATE");
});

test("RFC 8657 §3, §4: a set that names another account or another method refuses ours; one that names ours and http-01 does not", async () => {
  const { kid } = await createSigner();
  const client = new acme.Client({ directoryUrl: ca.directoryUrl, accountKey });
  await client.createAccount({ termsOfServiceAgreed: true });
  const allow = (parameters: string) =>
    dns.zones.setRecords("hosted.example", [
      { name: "t.hosted.example", type: "CAA", value: `0 issue "sandbox-ca.example; ${parameters}"` },
    ]);
  await allow(`accounturi=${kid}`);
  await expect(orderCertificate(NAME)).rejects.toThrow(/does not allow the account/);
  await allow(`accounturi=${client.getAccountUrl()}; validationmethods=dns-01`);
  await expect(orderCertificate(NAME)).rejects.toThrow(/does not allow the account/);
  await allow(`accounturi=${client.getAccountUrl()}; validationmethods=dns-01,http-01`);
  await expect(orderCertificate(NAME)).resolves.toContain("BEGIN CERTIFICATE");
});

test("RFC 8555 §7.4: a CSR for another name than the order's is refused", async () => {
  await expect(orderCertificate(NAME, "mta-sts.bank.example")).rejects.toThrow(
    /asks for mta-sts\.bank\.example/,
  );
});

test("RFC 8555 §6.5: a nonce works once, and the refusal brings a fresh one", async () => {
  const { post, kid, nonce } = await createSigner();
  const used = await nonce();
  const order = { identifiers: [{ type: "dns", value: NAME }] };
  expect((await post("/new-order", order, { kid, nonce: used })).status).toBe(201);
  const refused = await post("/new-order", order, { kid, nonce: used });
  expect([refused.status, refused.data.type]).toEqual([400, "urn:ietf:params:acme:error:badNonce"]);
  const retried = await post("/new-order", order, { kid, nonce: refused.headers["replay-nonce"] });
  expect(retried.status).toBe(201);
});

test("RFC 8555 §6.2: wrong url, unknown account, foreign signature, MAC and content type are refused", async () => {
  const { post, kid, jwk } = await createSigner();
  const other = await createSigner();
  const order = { identifiers: [{ type: "dns", value: NAME }] };
  const answers = [
    await post("/new-order", order, { kid, url: "https://127.0.0.1/new-order" }),
    await post("/new-order", order, { kid: `${kid}x` }),
    await post("/new-order", order, { kid: other.kid }),
    await post("/new-order", order, { kid, jwk }),
    await post("/new-account", {}, { kid, jwk }),
    await post("/new-order", order, { kid }, "application/json"),
    await post("/new-order", { identifiers: [{ type: "dns", value: "*.bakery.example" }] }, { kid }),
    await post("/new-order", { identifiers: [{ type: "ip", value: "127.0.0.1" }] }, { kid }),
  ];
  expect(answers.map(({ status, data }) => `${status} ${data.type.split(":").at(-1)}`)).toEqual([
    "401 unauthorized",
    "400 accountDoesNotExist",
    "400 malformed",
    "400 malformed",
    "400 malformed",
    "415 malformed",
    "400 rejectedIdentifier",
    "400 unsupportedIdentifier",
  ]);
});

test("another account's order answers exactly like a missing one", async () => {
  const [mine, theirs] = [await createSigner(), await createSigner()];
  const made = await theirs.post(
    "/new-order",
    { identifiers: [{ type: "dns", value: NAME }] },
    { kid: theirs.kid },
  );
  const path = new URL(made.headers.location ?? "").pathname;
  expect((await theirs.post(path, undefined, { kid: theirs.kid })).status).toBe(200);
  const other = await mine.post(path, undefined, { kid: mine.kid });
  const missing = await mine.post("/order/none", undefined, { kid: mine.kid });
  expect([other.status, other.data]).toEqual([missing.status, missing.data]);
  expect(missing.status).toBe(404);
});

test("a second start on the same folder keeps the root, the account URL and renewal information", async () => {
  const chain = await orderCertificate(NAME);
  const client = new acme.Client({ directoryUrl: ca.directoryUrl, accountKey });
  await client.createAccount({ termsOfServiceAgreed: true });
  const { rootPem, port } = ca;
  await ca.stop();
  ca = await startCa(port);

  expect(ca.rootPem).toBe(rootPem);
  const again = new acme.Client({
    directoryUrl: ca.directoryUrl,
    accountKey,
    accountUrl: client.getAccountUrl(),
  });
  await again.createOrder({ identifiers: [{ type: "dns", value: NAME }] });
  const id = certificateIdOf(new X509Certificate(chain).raw);
  const { data } = await acme.axios.get(`https://127.0.0.1:${port}/renewal-info/${id}`);
  const leaf = new X509Certificate(chain);
  expect(new Date(data.suggestedWindow.start).getTime()).toBe(
    leaf.validToDate.getTime() - 30 * 24 * 3_600_000,
  );
  ca.askForRenewal();
  const { data: moved } = await acme.axios.get(`https://127.0.0.1:${port}/renewal-info/${id}`);
  expect(new Date(moved.suggestedWindow.end).getTime()).toBeLessThanOrEqual(Date.now());
});

test("RFC 9773 §5: an order that replaces a certificate works once, the next gets the error alreadyReplaced", async () => {
  const replaces = certificateIdOf(new X509Certificate(await orderCertificate(NAME)).raw);
  const client = new acme.Client({ directoryUrl: ca.directoryUrl, accountKey });
  await client.createAccount({ termsOfServiceAgreed: true });
  const request = { identifiers: [{ type: "dns", value: NAME }], profile: "classic", replaces };
  const order = await client.createOrder(request);
  expect(order).toMatchObject({ profile: "classic", replaces });
  const [authorization] = await client.getAuthorizations(order);
  const [challenge] = authorization?.challenges ?? [];
  if (!challenge) throw new Error("no challenge");
  responder.answer(challenge.token, await client.getChallengeKeyAuthorization(challenge));
  await client.completeChallenge(challenge);
  const [, csr] = await acme.crypto.createCsr(
    { altNames: [NAME] },
    await acme.crypto.createPrivateEcdsaKey(),
  );
  await client.finalizeOrder(order, csr);
  await expect(client.createOrder(request)).rejects.toThrow(/replaces that certificate/);
});
