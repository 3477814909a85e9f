import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { generateClient } from "../../testing/generate-client.ts";
import { startTestApi, type TestApi } from "../../testing/start-test-api.ts";

const CLIENT = fileURLToPath(new URL("../../../../packages/client", import.meta.url));
const GENERATED = "../../../../packages/client/src/generated/operations.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(inject("templateDatabaseUrl"));
});
afterAll(() => api.stop());

test("@waxseal/client has the types of the present OpenAPI document (vitest -u writes them)", async () => {
  const { json } = await api.ask("GET", "/api/openapi.json");
  await expect(await generateClient(json)).toMatchFileSnapshot(GENERATED);
});

test("the example in the README of @waxseal/client runs against the API, and a second time", async () => {
  const folder = join(CLIENT, ".cache", randomUUID());
  await mkdir(folder, { recursive: true });
  try {
    const { key } = await api.newAccount("Provider");
    const [, example = ""] =
      /```ts\n([\s\S]+?)```/.exec(await readFile(join(CLIENT, "README.md"), "utf8")) ?? [];
    await writeFile(join(folder, "example.ts"), example);
    const env = { ...process.env, WAXSEAL_URL: api.url, WAXSEAL_TOKEN: key };
    const run = async () =>
      (await promisify(execFile)(process.execPath, [join(folder, "example.ts")], { env })).stdout.split("\n");
    const first = await run();
    expect(first).toEqual([
      expect.stringMatching(/^mta-sts\.bakery\.example CNAME \w{16}\.mta-sts\.hosted\.example$/),
      expect.stringMatching(/^_mta-sts\.bakery\.example CNAME /),
      expect.stringMatching(/^_smtp\._tls\.bakery\.example CNAME /),
      "bakery.example pending",
      "",
    ]);
    expect(await run()).toEqual([
      expect.stringMatching(/^It is there already: [\w-]{36}$/),
      "bakery.example pending",
      "",
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
