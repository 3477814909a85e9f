import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Zone } from "./create-zone.ts";
import { openZoneFile, readZoneFile } from "./open-zone-file.ts";

const TOKEN = "abcdefghijklmnop";

test("a zone that could not be written is written again once the disk has room, without another change", async () => {
  const stateDir = await mkdtemp(join(tmpdir(), "waxseal-zone-"));
  await rm(stateDir, { recursive: true });
  await writeFile(stateDir, "a file where the folder should be");
  const tokens: [string, string][] = [[TOKEN, "20260101"]];
  const zone: Pick<Zone, "snapshot"> = { snapshot: () => ({ seq: 7n, tokens, caaAccounts: [] }) };
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const file = openZoneFile({ stateDir, zone, onError, pauseMs: 1, retryMs: 20 });
  file.changed();
  await expect.poll(() => errors.length).toBeGreaterThan(0);
  expect(file.ageMs()).toBeGreaterThan(0);
  await rm(stateDir);
  await expect
    .poll(() => readZoneFile(stateDir))
    .toMatchObject({ seq: 7n, tokens: [{ token: TOKEN, publishedPolicyId: "20260101" }] });
  await expect.poll(file.ageMs).toBe(0);
  await file.close();
  await rm(stateDir, { recursive: true });
});
