import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { findFreePort } from "./find-free-port.ts";
import { readVersion } from "./read-version.ts";
import { startHealthServer } from "./start-health-server.ts";

test("ready means that every need is met and no stop is under way; what is not met says why, and healthz says the version", async () => {
  const port = await findFreePort();
  let schema: true | string = "The database has no schema yet.";
  let isStopping = false;
  const stop = await startHealthServer({
    port,
    bindAddress: "127.0.0.1",
    registry: new Registry(),
    needs: () => ({ schema, database: true }),
    isStopping: () => isStopping,
  });
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return [answer.status, await answer.json()];
  };
  const metric = async () =>
    /^waxseal_ready .*$/m.exec(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text())?.[0];
  expect(await metric()).toBe("waxseal_ready 0");
  expect(await ask("/readyz")).toEqual([
    503,
    { ready: false, needs: { schema: false, database: true }, reasons: { schema } },
  ]);
  schema = true;
  expect(await ask("/readyz")).toEqual([200, { ready: true, needs: { schema: true, database: true } }]);
  expect(await metric()).toBe("waxseal_ready 1");
  isStopping = true;
  expect(await ask("/readyz")).toMatchObject([
    503,
    { reasons: { running: "The process is about to stop." } },
  ]);
  expect(readVersion()).toMatch(/^\d+\.\d+\.\d+/);
  expect(await ask("/healthz")).toEqual([200, { status: "ok", version: readVersion() }]);
  await stop();
});
