import { generateKeyPairSync } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { type SsoScene, startSsoScene } from "../testing/start-sso-scene.ts";

let scene: SsoScene;
beforeAll(async () => {
  scene = await startSsoScene(inject("templateDatabaseUrl"));
  await scene.addMember("ada@corp.example");
});
afterEach(() => scene.idp.forget());
afterAll(() => scene.stop());

const email = "ada@corp.example";
const finish = (body: object, cookie: string) =>
  scene.api.ask("POST", "/api/auth/sso/finish", { cookie, body });
const seconds = () => Math.floor(Date.now() / 1_000);

async function expectRefused(claims: Record<string, unknown> = {}): Promise<string> {
  const before = await scene.api.db.session.count();
  const { answer } = await scene.signIn(email, claims);
  expect([Object(answer.json).code, answer.headers.getSetCookie().join().includes("session_token")]).toEqual([
    "SSO_REFUSED",
    false,
  ]);
  expect(await scene.api.db.session.count()).toBe(before);
  return String(Object(answer.json).message);
}

test("what follows is refused for its one fault only: without it, the same sign-in succeeds", async () => {
  expect((await scene.signIn(email)).answer.status).toBe(200);
});

describe("an id_token is refused (OpenID Connect Core 1.0 §3.1.3.7)", () => {
  test.each([
    ["of another issuer", { iss: "https://other.example" }],
    ["for another application", { aud: "other" }],
    ["for us and others, without saying whose it is", { aud: ["waxseal", "other"] }],
    ["whose holder is another application", { azp: "other" }],
    ["for another sign-in", { nonce: "another" }],
    ["without nonce", { nonce: undefined }],
    ["that has expired", { iat: seconds() - 400, exp: seconds() - 120 }],
    ["without expiry", { exp: undefined }],
    ["of long ago", { iat: seconds() - 3_600 }],
    ["without subject", { sub: undefined }],
    ["with an address that is not verified", { email_verified: false }],
    ["that does not say whether the address is verified", { email_verified: undefined }],
    ["whose domain is not verified either", { email_verified: undefined, xms_edov: "0" }],
    ["not verified, though its domain is", { email_verified: false, xms_edov: true }],
    ["with an address of a domain that is not the account's", { email: "ada@elsewhere.example" }],
    ["with an address that only ends like one", { email: "ada@evilcorp.example" }],
    ["with two addresses in one", { email: "ada@corp.example@elsewhere.example" }],
  ])("%s", async (_what, claims) => {
    await expectRefused(claims);
  });

  test("signed by a key that is not the provider's", async () => {
    scene.idp.signWith = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    await expectRefused();
  });

  test.each(["none", "HS256"])("by the algorithm %s, though the provider offers it", async (alg) => {
    scene.idp.says.header = { alg };
    await expectRefused();
  });
});

test.each([true, "1", 1])(
  "Microsoft's word for a verified domain is taken: xms_edov %j",
  async (xms_edov) => {
    const { answer } = await scene.signIn(email, { email_verified: undefined, xms_edov });
    expect(answer.status).toBe(200);
  },
);

async function lastInLog(): Promise<string> {
  const { api, owner } = scene;
  const { json } = await api.ask("GET", "/api/v1/events?kind=sso.failed", { cookie: owner });
  return Object(json).items[0]?.text;
}

test.each([
  [
    "issuer",
    { iss: "https://other.example" },
    "S-20",
    /names the issuer https:\/\/other\.example; https:.* is set up/,
  ],
  ["audience", { aud: "other" }, "S-21", /is for other; the client ID set up is waxseal/],
  [
    "clock",
    { iat: seconds() - 400, exp: seconds() - 120 },
    "S-22",
    /expires at \d+ \w+ 20\d\d.*; here it is \d+ /,
  ],
])(
  "a wrong %s has its own code: the person reads the code, the owners the values in the audit log",
  async (_what, claims, code, detail) => {
    const words = await expectRefused(claims);
    expect(words).toMatch(new RegExp(`give your administrator the code ${code}\\.$`));
    expect(words).not.toMatch(detail);
    expect(await lastInLog()).toMatch(detail);
  },
);

test("an address from userinfo counts only for the same subject, verified there", async () => {
  const { idp } = scene;
  const claims = { email: undefined, email_verified: undefined };
  idp.says.userinfo = { sub: `sub of ${email}`, email, email_verified: true };
  expect((await scene.signIn(email, claims)).answer.status).toBe(200);
  expect(idp.asked.find(({ path }) => path === "/userinfo")?.authorization).toBe("Bearer at");
  idp.says.userinfo = { sub: "another", email, email_verified: true };
  expect(await expectRefused(claims)).toMatch(/code S-25\.$/);
  idp.says.userinfo = { sub: `sub of ${email}`, email };
  expect(await expectRefused(claims)).toMatch(/code S-31\.$/);
});

describe("the way back", () => {
  test("works in the browser that began it, and once", async () => {
    const { cookie, url } = await scene.start(email);
    const way = scene.idp.approve(url);
    const { cookie: other } = await scene.start(email);
    expect((await finish(way, "")).status).toBe(400);
    expect((await finish(way, other)).status).toBe(400);
    expect((await finish({ ...way, state: "guessed" }, cookie)).status).toBe(400);
    expect((await finish(way, cookie)).status).toBe(200);
    const again = scene.idp.approve(url);
    expect((await finish(again, cookie)).status).toBe(400);
  });

  test("RFC 9207 §2.4: an answer that names another issuer, or none where ours names itself, is refused", async () => {
    for (const iss of ["https://other.example", undefined]) {
      const { cookie, url } = await scene.start(email);
      const { iss: _own, ...way } = scene.idp.approve(url);
      const answer = await finish({ ...way, ...(iss && { iss }) }, cookie);
      expect([answer.status, Object(answer.json).code]).toEqual([403, "SSO_REFUSED"]);
    }
  });

  test("is refused when an owner changed the provider's client meanwhile", async () => {
    const { cookie, url } = await scene.start(email);
    const way = scene.idp.approve(url);
    await scene.api.db.accountSso.updateMany({ data: { clientId: "other" } });
    const answer = await finish(way, cookie);
    await scene.api.db.accountSso.updateMany({ data: { clientId: "waxseal" } });
    expect(answer.status).toBe(400);
  });

  test("is refused when the DNS no longer proves the domain", async () => {
    const { cookie, url } = await scene.start(email);
    const way = scene.idp.approve(url);
    const claim = await scene.api.db.domainClaim.delete({ where: { domain: "corp.example" } });
    const answer = await finish(way, cookie);
    expect((await scene.start(email)).answer.status).toBe(404);
    await scene.api.db.domainClaim.create({ data: claim });
    expect(answer.status).toBe(403);
  });

  test("is refused for a domain the account has, but does not name for single sign-on", async () => {
    const { api, accountId } = scene;
    const domain = "another.example";
    const domainId = "00000000-0000-7000-8000-000000000002";
    await api.db.domainClaim.create({ data: { accountId, domainId, domain, claimedAt: new Date() } });
    expect((await scene.start(`ada@${domain}`)).answer.status).toBe(404);
    await expectRefused({ email: `ada@${domain}` });
  });

  test("a code the provider does not know is explained in words, as is a provider that is away", async () => {
    const { cookie, url } = await scene.start(email);
    const answer = await finish({ ...scene.idp.approve(url), code: "made up" }, cookie);
    expect(Object(answer.json).message).toBe(
      "Your company's sign-in did not accept our request. Try again; if it does not help, give your administrator the code S-11.",
    );
    expect(await lastInLog()).toMatch(
      /S-11\): .*answered 400 \(the sign-in code is unknown, used or expired\)/,
    );
  });
});

test("a sign-in begun and finished from another site's page is refused", async () => {
  const headers = { origin: "https://evil.example" };
  const body = { email };
  expect((await scene.api.ask("POST", "/api/auth/sso/start", { body, headers })).status).toBe(403);
  const { cookie, url } = await scene.start(email);
  const sent = { cookie, headers, body: scene.idp.approve(url) };
  expect((await scene.api.ask("POST", "/api/auth/sso/finish", sent)).status).toBe(403);
});
