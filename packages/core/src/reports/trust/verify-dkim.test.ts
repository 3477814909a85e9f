import { generateKeyPairSync } from "node:crypto";
import { createResolver } from "@waxseal/probes";
import { dkimSign } from "mailauth";
import nodemailer from "nodemailer";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestKeyDns, type TestKeyDns } from "../../../testing/create-test-key-dns.ts";
import { createDkimKeyLookUp } from "./create-dkim-key-look-up.ts";
import { verifyDkim } from "./verify-dkim.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicKeyBase64 = publicKey.export({ type: "spki", format: "der" }).toString("base64");
const KEY_NAME = "s1._domainkey.mail.sender.example";
const now = new Date();
const records = new Map<string, string>();
let dns: TestKeyDns;
beforeAll(async () => {
  dns = await createTestKeyDns(records);
});
afterAll(() => dns.stop());
beforeEach(() => {
  records.clear();
  dns.asked.length = 0;
  records.set(KEY_NAME, `v=DKIM1; k=rsa; p=${publicKeyBase64}`);
});

async function signedMail(domainName = "mail.sender.example"): Promise<Buffer> {
  const dkim = {
    domainName,
    keySelector: "s1",
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
  const transport = nodemailer.createTransport({
    streamTransport: true,
    buffer: true,
    newline: "windows",
    dkim,
  });
  const { message } = await transport.sendMail({
    from: "Example Sender <tls@sender.example>",
    to: "token@reports.example.net",
    subject: "Report Domain: example.com Submitter: sender.example Report-ID: <1@sender.example>",
    text: "This is an aggregate TLS report.",
  });
  if (!Buffer.isBuffer(message)) throw new Error("expected a buffer");
  return message;
}

function verify(mail: Buffer, timeoutMs = 300) {
  const resolver = createResolver({ servers: [dns.server], timeoutMs });
  return verifyDkim(mail, { lookUpKey: createDkimKeyLookUp(resolver), now });
}

test("RFC 6376 §6.1: a mail signed with the key in DNS verifies, and gives the signing domain", async () => {
  expect(await verify(await signedMail())).toEqual({ outcome: "verified", domains: ["mail.sender.example"] });
});

test("a banner that a gateway put in breaks the signature; the mail is kept as broken", async () => {
  const mail = await signedMail();
  const changed = Buffer.from(
    mail.toString("latin1").replace("This is", "CAUTION: external. This is"),
    "latin1",
  );
  expect(await verify(changed)).toEqual({ outcome: "broken" });
});

test("RFC 8460 §3: a signature with l= does not count, since anything may follow the signed part", async () => {
  const unsigned = Buffer.from("From: a@sender.example\r\nTo: b@c.example\r\nSubject: x\r\n\r\nhello\r\n");
  const signer = {
    signingDomain: "mail.sender.example",
    selector: "s1",
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    maxBodyLength: 5,
  };
  const { signatures } = await dkimSign(unsigned, { ...signer, signatureData: [signer] });
  expect(signatures).toContain("l=5");
  expect(await verify(Buffer.concat([Buffer.from(signatures), unsigned, Buffer.from("more\r\n")]))).toEqual({
    outcome: "broken",
  });
});

test("a mail without signature is unsigned, and no key is looked up", async () => {
  const mail = Buffer.from("From: a@sender.example\r\n\r\nDKIM-Signature: in the body\r\n");
  expect(await verify(mail)).toEqual({ outcome: "unsigned" });
  expect(dns.asked).toEqual([]);
});

const serviceTypes = [
  ["s=tlsrpt; ", "verified"],
  ["s=*; ", "verified"],
  ["s=email:tlsrpt; ", "verified"],
  ["s = TLSRPT ; ", "verified"],
  ["s=email; ", "broken"],
] as const;

test.each(serviceTypes)("RFC 8460 §3: a key record with %j is %s", async (serviceType, outcome) => {
  records.set(KEY_NAME, `v=DKIM1; ${serviceType}k=rsa; p=${publicKeyBase64}`);
  expect((await verify(await signedMail())).outcome).toBe(outcome);
});

test("a key that does not exist is broken; one that cannot be looked up is unknown", async () => {
  const mail = await signedMail();
  records.delete(KEY_NAME);
  expect(await verify(mail)).toEqual({ outcome: "broken" });
  records.set(KEY_NAME, "servfail");
  expect(await verify(mail)).toEqual({ outcome: "unknown" });
});

test("a key is remembered for minutes, a failure of DNS for seconds", async () => {
  let nowMs = 0;
  const resolver = createResolver({ servers: [dns.server], timeoutMs: 300 });
  const lookUpKey = createDkimKeyLookUp(resolver, () => nowMs);
  records.set(KEY_NAME, "servfail");
  await expect(lookUpKey(KEY_NAME, "TXT")).rejects.toMatchObject({ code: "ETIMEOUT" });
  records.set(KEY_NAME, "v=DKIM1; p=abc");
  await expect(lookUpKey(KEY_NAME, "TXT")).rejects.toMatchObject({ code: "ETIMEOUT" });
  nowMs += 10_000;
  expect(await lookUpKey(KEY_NAME, "TXT")).toEqual([["v=DKIM1; p=abc"]]);
  dns.asked.length = 0;
  nowMs += 300_000;
  expect(await lookUpKey(KEY_NAME.toUpperCase(), "TXT")).toEqual([["v=DKIM1; p=abc"]]);
  expect(dns.asked).toEqual([]);
});

test("more signatures than a mail can need are not looked at", async () => {
  const mail = await signedMail();
  const header = mail.subarray(0, mail.indexOf("From:"));
  expect(await verify(Buffer.concat([...new Array<Buffer>(11).fill(header), mail]))).toEqual({
    outcome: "broken",
  });
  expect(dns.asked).toEqual([]);
});
