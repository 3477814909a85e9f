import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { type SsoScene, startSsoScene } from "../../testing/start-sso-scene.ts";

let scene: SsoScene;
beforeAll(async () => {
  scene = await startSsoScene(inject("templateDatabaseUrl"));
});
afterEach(() => scene.idp.forget());
afterAll(() => scene.stop());

const put = (changes: object, cookie = scene.owner) =>
  scene.api.ask("PUT", "/api/v1/sso", { cookie, body: scene.body(changes) });
const paths = (json: unknown) => Object(json).errors?.map(({ path }: { path: string }) => path);

test("the secret is sealed, and neither shown, logged nor exported", async () => {
  const { api, accountId, owner } = scene;
  const view = await api.ask("GET", "/api/v1/sso", { cookie: owner });
  expect(view.json).toMatchObject({
    redirectUri: "http://waxseal.example/sign-in/sso",
    sso: { clientId: "waxseal", domains: [{ domain: "corp.example", isProven: true }], isRequired: false },
  });
  const events = await api.ask("GET", "/api/v1/events?kind=sso.changed", { cookie: owner });
  const file = await api.ask("GET", "/api/v1/account/export", { cookie: owner });
  const row = await api.db.accountSso.findUniqueOrThrow({ where: { accountId } });
  expect(file.text).toContain('"client_id": "waxseal"');
  for (const text of [view.text, events.text, file.text, row.clientSecretJwe])
    expect(text).not.toContain("s3cret");
  expect(file.text).not.toContain(row.clientSecretJwe);
});

test("only owners see or change it; an API key of the largest scope does not", async () => {
  const { api, accountId } = scene;
  const admin = await api.signInAs(accountId, "admin");
  for (const method of ["GET", "PUT", "DELETE"]) {
    const body = method === "PUT" ? { body: scene.body() } : {};
    expect((await api.ask(method, "/api/v1/sso", { cookie: admin, ...body })).status).toBe(403);
  }
});

test("a domain that the account has not proven by DNS is refused, no matter who owns it", async () => {
  const { api } = scene;
  const other = await api.newAccount("Other");
  await api.db.domainClaim.create({
    data: {
      accountId: other.accountId,
      domainId: "00000000-0000-7000-8000-000000000001",
      domain: "others.example",
      claimedAt: new Date(),
    },
  });
  for (const domain of ["others.example", "nobodys.example"]) {
    const refused = await put({ domains: ["corp.example", domain] });
    expect([refused.status, paths(refused.json)]).toEqual([422, ["domains"]]);
  }
});

test("without a new secret the old one stays, but it never goes to another issuer or client", async () => {
  const { idp } = scene;
  expect((await put({ clientSecret: undefined, isRequired: false })).status).toBe(200);
  idp.forget();
  for (const changes of [{ clientId: "other" }, { issuer: "https://idp.example" }]) {
    const refused = await put({ clientSecret: undefined, ...changes });
    expect([refused.status, paths(refused.json)]).toEqual([422, ["clientSecret"]]);
  }
  expect(idp.asked).toEqual([]);
  expect((await scene.start("a@corp.example")).answer.status).toBe(200);
});

test.each([
  ["calls itself otherwise", { issuer: "https://other.example" }],
  ["has no code flow", { response_types_supported: ["id_token"] }],
  ["has no PKCE by S256", { code_challenge_methods_supported: ["plain"] }],
  ["asks for tokens in the clear", { token_endpoint: "http://idp.example/token" }],
  ["signs by our secret or not at all", { id_token_signing_alg_values_supported: ["HS256", "none"] }],
  ["has pages that are no pages", { authorization_endpoint: "javascript:alert(1)" }],
])("an identity provider that %s is refused, with the reason at the issuer", async (_what, metadata) => {
  scene.idp.says.metadata = metadata;
  const refused = await put({});
  expect([refused.status, paths(refused.json)]).toEqual([422, ["issuer"]]);
});

test("an issuer inside is not asked, by name or by redirect", async () => {
  for (const issuer of [
    "https://127.0.0.1:1",
    "https://localhost:1",
    "https://[::1]:1",
    "http://idp.example",
  ]) {
    const refused = await put({ issuer });
    expect([refused.status, paths(refused.json)]).toEqual([422, ["issuer"]]);
  }
});

test("removing it ends every session that came by it, and no other", async () => {
  const { api, idp, owner } = scene;
  await scene.addMember("leaving@corp.example");
  const { answer, cookie } = await scene.signIn("leaving@corp.example");
  expect(answer.json).toMatchObject({ twoFactorRedirect: false });
  const status = async (who: string) => (await api.ask("GET", "/api/v1/me", { cookie: who })).status;
  expect(await status(cookie)).toBe(200);
  expect((await api.ask("DELETE", "/api/v1/sso", { cookie: owner })).status).toBe(204);
  expect([await status(cookie), await status(owner)]).toEqual([401, 200]);
  expect(await api.db.ssoIdentity.count()).toBe(0);
  expect((await scene.start("leaving@corp.example")).answer.status).toBe(404);
  idp.forget();
  expect((await put({})).status).toBe(200);
});
