import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStateFiles } from "@waxseal/runtime";
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
  const files = openStateFiles({ stateDir, app: "nameserver", extension: "zone" });
  const file = openZoneFile({ files, zone, onError, pauseMs: 1, retryMs: 20 });
  file.changed();
  await expect.poll(() => errors.length).toBeGreaterThan(0);
  expect(file.ageMs()).toBeGreaterThan(0);
  await rm(stateDir);
  await expect
    .poll(() => readZoneFile(files))
    .toMatchObject({ seq: 7n, tokens: [{ token: TOKEN, publishedPolicyId: "20260101" }] });
  await expect.poll(file.ageMs).toBe(0);
  await file.close();
  await rm(stateDir, { recursive: true });
});

test("a zone that changes without a pause is on disk all the same: its age is that of the oldest change that is not", async () => {
  const stateDir = await mkdtemp(join(tmpdir(), "waxseal-zone-"));
  const files = openStateFiles({ stateDir, app: "nameserver", extension: "zone" });
  const ages: number[] = [];
  const snapshot = () => {
    ages.push(file.ageMs());
    if (ages.length < 20) file.changed();
    return { seq: BigInt(ages.length), tokens: [], caaAccounts: [] };
  };
  const file = openZoneFile({ files, zone: { snapshot }, onError: expect.unreachable, pauseMs: 1 });
  file.changed();
  await expect.poll(() => ages.length).toBe(20);
  expect(ages.some((age, place) => age < (ages[place - 1] ?? 0))).toBe(true);
  await expect.poll(file.ageMs).toBe(0);
  await file.close();
  await rm(stateDir, { recursive: true });
});

test("two nameservers on one volume write a file each, and the newest that is whole is read", async () => {
  const stateDir = await mkdtemp(join(tmpdir(), "waxseal-zone-"));
  const openFiles = () => openStateFiles({ stateDir, app: "nameserver", extension: "zone" });
  const write = async (seq: bigint) => {
    const zone = { snapshot: () => ({ seq, tokens: [] as [string, string][], caaAccounts: [] }) };
    const files = openFiles();
    const file = openZoneFile({ files, zone, onError: expect.unreachable, pauseMs: 1 });
    file.changed();
    await expect.poll(file.ageMs).toBe(0);
    return { file, path: files.claim() };
  };
  const [first, second] = [await write(7n), await write(8n)];
  expect(first.path).not.toBe(second.path);
  expect(await readZoneFile(openFiles())).toMatchObject({ seq: 8n });
  await writeFile(second.path, "waxseal-zone-2 9\n");
  expect(await readZoneFile(openFiles())).toMatchObject({ seq: 7n });
  await Promise.all([first.file.close(), second.file.close()]);
  await rm(stateDir, { recursive: true });
});
