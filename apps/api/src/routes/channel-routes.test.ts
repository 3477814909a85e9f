import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

const linkIn = (to: string, path: string) =>
  expect
    .poll(() => api.mails.list(to)[0]?.links.find((link) => new URL(link).pathname.startsWith(path)))
    .toBeDefined()
    .then(
      () =>
        new URL(api.mails.list(to)[0]?.links.find((link) => new URL(link).pathname.startsWith(path)) ?? ""),
    );

test("a mail address is used once its owner pressed the button behind the link, not when a scanner opened it", async () => {
  const { accountId, key } = await api.newAccount("Mailing");
  const body = { kind: "mail", name: "On call", target: "oncall@elsewhere.example" };
  const added = await api.ask("POST", "/api/v1/channels", { key, body });
  expect([added.status, Object(added.json).state]).toEqual([201, "unverified"]);
  const link = await linkIn("oncall@elsewhere.example", "/c/");
  const state = async () => (await api.db.channel.findFirst({ where: { accountId } }))?.state;
  expect((await api.ask("GET", link.pathname)).status).toBe(200);
  expect(await state()).toBe("unverified");
  expect((await api.ask("POST", link.pathname)).status).toBe(200);
  expect(await state()).toBe("active");
  expect((await api.ask("POST", link.pathname)).status).toBe(404);
});

test("a channel's address and secret are in no answer but the first", async () => {
  const { key } = await api.newAccount("Secret");
  const body = { kind: "webhook", name: "Hook", target: "https://hooks.example/in/very-secret" };
  const added = await api.ask("POST", "/api/v1/channels", { key, body });
  const { id, secret } = Object(added.json);
  expect(secret).toMatch(/^whsec_/);
  const rotated = await api.ask("POST", `/api/v1/channels/${id}/rotate-secret`, { key });
  expect(Object(rotated.json).secret).not.toBe(secret);
  const answers = [
    await api.ask("GET", "/api/v1/channels", { key }),
    await api.ask("PATCH", `/api/v1/channels/${id}`, { key, body: { name: "Other" } }),
    await api.ask("GET", "/api/v1/account/export", { key }),
    await api.ask("GET", "/api/v1/events", { key }),
  ];
  for (const { status, text } of answers) {
    expect(status).toBe(200);
    expect(text).not.toMatch(/very-secret|whsec_|_jwe/);
  }
});
