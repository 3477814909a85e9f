import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { expect, inject, test } from "vitest";
import { runTestCli } from "../testing/run-test-cli.ts";

const list = (env: NodeJS.ProcessEnv) => runTestCli(["domain", "list"], { env, cwd: tmpdir() });

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

test("a database that does not answer is named by host and port; the error itself comes with WAXSEAL_DEBUG only", async () => {
  const port = await closedPort();
  const env = { DATABASE_URL: `postgresql://u:hush@127.0.0.1:${port}/waxseal` };
  expect(await list(env)).toEqual({
    status: 1,
    out: "",
    err: `The database at 127.0.0.1:${port} does not answer. Check that it runs, then try again.\n`,
  });
  expect((await list({ ...env, WAXSEAL_DEBUG: "1" })).err).toMatch(/\n.*P2010/s);
});

test("a refused password and bad settings are explained in words", async () => {
  const url = new URL(inject("templateDatabaseUrl"));
  url.password = "hush-hush";
  const refused = await list({ DATABASE_URL: url.href });
  expect(refused.err).toMatch(
    /^The database at \S+ refused the user \S+ or the password\. Check both in DATABASE_URL\.\n$/,
  );
  const missing = await list({ DATABASE_URL_FILE: "/nowhere/url" });
  expect([missing.status, missing.err]).toEqual([
    1,
    expect.stringMatching(/DATABASE_URL_FILE names does not exist/),
  ]);
});
