import { listConditions } from "@waxseal/core/operating";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { DAY_MS } from "@waxseal/runtime/time-spans";
import { expect, inject, test } from "vitest";
import { startTestApi } from "../testing/start-test-api.ts";

const PATIENCE = { timeout: 30_000 };

test("an API whose machine's clock is 450 days ahead is not ready and says why, keeps sessions, and is ready once the clock is right", async () => {
  let aheadMs = 450 * DAY_MS;
  let dateMs = () => Number.NaN;
  const healthPort = await findFreePort();
  const api = await startTestApi(inject("templateDatabaseUrl"), {
    healthPort,
    machineMs: () => Date.now() + aheadMs,
    setDate: (nowMs) => {
      dateMs = nowMs;
    },
  });
  const readiness = async () => {
    const answer = await fetch(`http://127.0.0.1:${healthPort}/readyz`);
    return { status: answer.status, ...Object(await answer.json()) };
  };
  try {
    const { accountId } = await api.newAccount("Clocks");
    const cookie = await api.signInAs(accountId, "owner");
    expect(await readiness()).toMatchObject({
      status: 503,
      needs: { database: true, clock: false },
      clock: { state: "wrong", aheadSeconds: 450 * 86_400 },
    });
    // Sessions end by the Date of the process, which is the database's time.
    expect(Math.abs(dateMs() - Date.now())).toBeLessThan(5_000);
    expect((await api.ask("GET", "/api/v1/me", { cookie })).status).toBe(200);
    await expect
      .poll(() => listConditions(api.db), PATIENCE)
      .toMatchObject([
        { code: "clock", text: expect.stringMatching(/^The clock of api on .+ is 450 days ahead of/) },
      ]);

    aheadMs = 0;
    await expect
      .poll(readiness, PATIENCE)
      .toMatchObject({ status: 200, needs: { database: true, clock: true } });
    expect((await api.ask("GET", "/api/v1/me", { cookie })).status).toBe(200);
    await expect.poll(() => listConditions(api.db), PATIENCE).toEqual([]);
  } finally {
    await api.stop();
  }
}, 60_000);
