import { createHmac } from "node:crypto";
import type { HttpsAnswer, HttpsClient, HttpsRequest } from "@waxseal/probes";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, expect, test } from "vitest";
import type { Provider } from "./discover-provider.ts";
import { readIdentity } from "./read-identity.ts";
import { SsoProblem } from "./sso-problem.ts";

const NOW = new Date("2026-03-15T06:00:00Z");
const nowSeconds = NOW.getTime() / 1_000;
const ISSUER = "https://id.example";
const PROVIDER: Provider = {
  issuer: ISSUER,
  authorizationEndpoint: `${ISSUER}/authorize`,
  tokenEndpoint: `${ISSUER}/token`,
  jwksUri: `${ISSUER}/keys`,
  userinfoEndpoint: `${ISSUER}/userinfo`,
  secretIn: "header",
  namesItself: false,
  algorithms: ["RS256", "ES256"],
};
const CLAIMS = {
  ...{ iss: ISSUER, aud: "our-client", sub: "u-1", nonce: "n-1" },
  ...{ iat: nowSeconds, exp: nowSeconds + 300 },
  ...{ email: "Ann@Example.com", email_verified: true, name: "Ann Lee" },
};

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let own: Keys;
let foreign: Keys;
let jwks: object;
beforeAll(async () => {
  own = await generateKeyPair("ES256");
  foreign = await generateKeyPair("ES256");
  jwks = { keys: [{ ...(await exportJWK(own.publicKey)), kid: "k1", alg: "ES256" }] };
});

const sign = (claims: object, { key = own.privateKey, alg = "ES256" } = {}) =>
  new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ alg, kid: "k1" }).sign(key);

/** A provider that answers these addresses with JSON; others are not found. */
function answering(bodies: Record<string, unknown>): HttpsClient & { requests: HttpsRequest[] } {
  const requests: HttpsRequest[] = [];
  return {
    requests,
    send: async (request): Promise<HttpsAnswer> => {
      requests.push(request);
      const body = JSON.stringify(bodies[request.url] ?? {});
      const status = request.url in bodies ? 200 : 404;
      return { status, body, bodyBytes: body.length, headers: {} };
    },
  };
}

async function read(
  idToken: string,
  {
    provider = PROVIDER,
    userinfo,
    accessToken = "at",
  }: {
    provider?: Provider;
    userinfo?: unknown;
    accessToken?: string | undefined;
  } = {},
) {
  const bodies = {
    [PROVIDER.jwksUri]: jwks,
    ...(userinfo !== undefined && { [`${ISSUER}/userinfo`]: userinfo }),
  };
  const signIn = { clientId: "our-client", nonce: "n-1", idToken, accessToken, now: NOW };
  return readIdentity(answering(bodies), provider, signIn);
}
/** The code that a refused token leads to, and the sentence for the people who set it up. */
async function refusal(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SsoProblem)) throw error ?? new Error("it was accepted");
  return { code: error.ssoCode, message: error.message };
}

test("a signed token of this sign-in says who signed in, with the address in lower case", async () => {
  expect(await read(await sign({}))).toEqual({ subject: "u-1", email: "ann@example.com", name: "Ann Lee" });
});

test.each<[string, object, string]>([
  ["another issuer", { iss: "https://evil.example" }, "S-20"],
  ["the issuer with a path behind it", { iss: `${ISSUER}/other` }, "S-20"],
  ["another audience", { aud: "their-client" }, "S-21"],
  ["several audiences and no azp", { aud: ["our-client", "their-client"] }, "S-21"],
  ["an azp that is another client", { azp: "their-client" }, "S-21"],
  ["several audiences and another azp", { aud: ["our-client", "x"], azp: "x" }, "S-21"],
  ["an end 61 seconds ago", { exp: nowSeconds - 61 }, "S-22"],
  ["a begin in two minutes", { nbf: nowSeconds + 120 }, "S-22"],
  ["an age of 661 seconds", { iat: nowSeconds - 661 }, "S-22"],
  ["an issue in the future", { iat: nowSeconds + 120 }, "S-22"],
  ["the nonce of another sign-in", { nonce: "n-2" }, "S-24"],
  ["no nonce", { nonce: undefined }, "S-12"],
  ["no subject", { sub: undefined }, "S-12"],
  ["an empty subject", { sub: "" }, "S-12"],
  ["a subject of 256 characters", { sub: "x".repeat(256) }, "S-12"],
  ["no end", { exp: undefined }, "S-22"],
  ["an address that is none", { email: "ann" }, "S-12"],
  ["an address of more than 254 characters", { email: `a@${"x".repeat(250)}.example` }, "S-12"],
  ["an address that is not verified", { email_verified: false }, "S-31"],
  ["an address that is not verified, in words", { email_verified: "false" }, "S-31"],
  ["nothing about verification", { email_verified: undefined }, "S-31"],
  ["email_verified false although xms_edov is true", { email_verified: false, xms_edov: true }, "S-31"],
  ["xms_edov false", { email_verified: undefined, xms_edov: "0" }, "S-31"],
])("OpenID Connect Core §3.1.3.7: a token with %s is refused", async (_what, claims, code) => {
  expect((await refusal(read(await sign(claims)))).code).toBe(code);
});

test.each<[string, object]>([
  ["an end within a minute of now", { exp: nowSeconds - 59 }],
  ["an age of ten minutes", { iat: nowSeconds - 600 }],
  ["this client among several, and as azp", { aud: ["x", "our-client"], azp: "our-client" }],
  ["this client alone in a list", { aud: ["our-client"] }],
  ["email_verified in words", { email_verified: "true" }],
  ["xms_edov in place of email_verified", { email_verified: undefined, xms_edov: 1 }],
])("OpenID Connect Core §3.1.3.7: a token with %s is accepted", async (_what, claims) => {
  expect(await read(await sign(claims))).toMatchObject({ subject: "u-1" });
});

test("OpenID Connect Core §3.1.3.7: a token signed by a key that the provider does not publish is refused", async () => {
  expect((await refusal(read(await sign({}, { key: foreign.privateKey })))).code).toBe("S-23");
});

test("OpenID Connect Core §3.1.3.7: a token whose claims were changed after the signature is refused", async () => {
  const [header, , signature] = (await sign({})).split(".");
  const claims = Buffer.from(JSON.stringify({ ...CLAIMS, email: "owner@example.com" })).toString("base64url");
  expect((await refusal(read(`${header}.${claims}.${signature}`))).code).toBe("S-23");
});

test("RFC 8725 §3.1: neither an unsigned token nor one signed with the public key as a secret is accepted", async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = `${part({ alg: "none" })}.${part(CLAIMS)}.`;
  const body = `${part({ alg: "HS256", kid: "k1" })}.${part(CLAIMS)}`;
  const signature = createHmac("sha256", JSON.stringify(await exportJWK(own.publicKey))).update(body);
  for (const token of [unsigned, `${body}.${signature.digest("base64url")}`])
    expect((await refusal(read(token))).code).toMatch(/^S-(?:12|23)$/);
});

test("an algorithm that the provider does not name is refused although the key is right", async () => {
  const provider = { ...PROVIDER, algorithms: ["RS256"] };
  expect((await refusal(read(await sign({}), { provider }))).code).toBe("S-23");
});

test.each(["", "x", "a.b.c", "e30.e30.e30"])("the token %j is refused, and nothing throws", async (token) => {
  expect((await refusal(read(token))).code).toMatch(/^S-(?:12|23)$/);
});

test("the sentence about a refused token names both sides and no claim that is not text", async () => {
  const issuer = await refusal(read(await sign({ iss: "https://evil.example" })));
  expect(issuer.message).toContain("https://evil.example; https://id.example is set up");
  const audience = await refusal(read(await sign({ aud: ["their-client", "y".repeat(400)] })));
  expect(audience.message).toContain("their-client");
  expect(audience.message.length).toBeLessThan(400);
  const clock = await refusal(read(await sign({ exp: nowSeconds - 3_600, iat: nowSeconds - 4_000 })));
  expect(clock.message).toContain("expires at 15 Mar 2026, 05:00 UTC");
  expect(clock.message).not.toMatch(/\d{4}-\d\d-\d\dT/);
});

const bare = { email: undefined, email_verified: undefined, name: undefined };

test("OpenID Connect Core §5.3.2: without an address in the token, userinfo of the same subject is asked", async () => {
  const userinfo = { sub: "u-1", email: "ann@example.com", email_verified: true, name: "  Ann\n Lee " };
  expect(await read(await sign(bare), { userinfo })).toEqual({
    subject: "u-1",
    email: "ann@example.com",
    name: "Ann Lee",
  });
});

test("OpenID Connect Core §5.3.2: userinfo about another subject is refused", async () => {
  const userinfo = { sub: "u-2", email: "owner@example.com", email_verified: true };
  expect((await refusal(read(await sign(bare), { userinfo }))).code).toBe("S-25");
});

test("userinfo is not asked where the token has the address, nor without an access token", async () => {
  const userinfo = { sub: "u-2", email: "owner@example.com", email_verified: true };
  expect(await read(await sign({}), { userinfo })).toMatchObject({ email: "ann@example.com" });
  expect((await refusal(read(await sign(bare), { userinfo, accessToken: "" }))).code).toBe("S-25");
  const provider = { ...PROVIDER, userinfoEndpoint: undefined };
  expect((await refusal(read(await sign(bare), { provider }))).code).toBe("S-30");
});

test("userinfo that has no address, or does not say that it is verified, is refused", async () => {
  expect((await refusal(read(await sign(bare), { userinfo: { sub: "u-1" } }))).code).toBe("S-30");
  const unverified = { sub: "u-1", email: "ann@example.com" };
  expect((await refusal(read(await sign(bare), { userinfo: unverified }))).code).toBe("S-31");
});

test("the access token goes to userinfo only, never to the address of the keys", async () => {
  const client = answering({
    [PROVIDER.jwksUri]: jwks,
    [`${ISSUER}/userinfo`]: { sub: "u-1", email: "ann@example.com", email_verified: true },
  });
  const signIn = { clientId: "our-client", nonce: "n-1", accessToken: "secret-at", now: NOW };
  await readIdentity(client, PROVIDER, { ...signIn, idToken: await sign(bare) });
  expect(client.requests.map(({ url, headers }) => [url, headers?.authorization])).toEqual([
    [`${ISSUER}/keys`, undefined],
    [`${ISSUER}/userinfo`, "Bearer secret-at"],
  ]);
});
