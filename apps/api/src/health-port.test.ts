import { findFreePort } from "@waxseal/runtime/find-free-port";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";

let api: TestApi;
let healthPort: number;
beforeAll(async () => {
  healthPort = await findFreePort();
  api = await startTestApi(inject("templateDatabaseUrl"), { healthPort });
});
afterAll(() => api.stop());

test("the public port answers nothing about the process: neither health nor figures", async () => {
  for (const path of ["/metrics", "/readyz", "/healthz", "/metrics/", "//metrics", "/%6detrics"]) {
    const answer = await api.ask("GET", path);
    expect([path, answer.status === 200 ? answer.text : ""]).not.toEqual([
      path,
      expect.stringMatching(/waxseal_|process_cpu|"ready"|"ok"/),
    ]);
    expect([path, answer.headers.get("content-type")]).not.toEqual([
      path,
      expect.stringContaining("openmetrics"),
    ]);
  }
});

test("metrics count answers by route pattern, not by path", async () => {
  const { key } = await api.newAccount("Metrics");
  await api.ask("GET", "/api/v1/domains/01a20c3f-6a6a-776d-80cb-b91ba94f580c", { key });
  const text = await (await health("/metrics")).text();
  expect(text).toContain('route="/api/v1/domains/:id",status="404"');
  expect(text).not.toContain("01a20c3f");
});

test("with Postgres gone the API lives, says it is not ready, and refuses as unavailable", async () => {
  const { key } = await api.newAccount("Down");
  expect(await (await health("/readyz")).json()).toMatchObject({
    ready: true,
    needs: { database: true, clock: true },
  });
  const downPort = await findFreePort();
  const down = await startTestApi(inject("templateDatabaseUrl"), {
    databaseUrl: "postgresql://nobody:secret@127.0.0.1:1/nothing",
    healthPort: downPort,
  });
  try {
    expect((await health("/healthz", downPort)).status).toBe(200);
    const ready = await health("/readyz", downPort);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false, needs: { database: false } });
    const refused = await down.ask("GET", "/api/v1/domains", { key });
    expect([refused.status, Object(refused.json).code]).toEqual([503, "unavailable"]);
    expect(refused.text).not.toMatch(/127\.0\.0\.1|secret|nobody/);
  } finally {
    await down.stop();
  }
});

const health = (path: string, port = healthPort) => fetch(`http://127.0.0.1:${port}${path}`);
