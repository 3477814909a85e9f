import { randomBytes } from "node:crypto";
import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecretBox } from "@waxseal/core";
import { openStateFiles } from "@waxseal/runtime";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStateLog, readStateLog, type StateEntry } from "./open-state-log.ts";

const secretBox = createSecretBox(`a:${randomBytes(32).toString("base64url")}`);
let stateDir: string;
let memory: StateEntry[];
const errors: unknown[] = [];

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), "waxseal-state-"));
  memory = [];
  errors.length = 0;
});
afterEach(() => rm(stateDir, { recursive: true, force: true }));

const policy = (name: string): StateEntry => ({ kind: "policies", items: [[name, "body"]] });
const file = () => join(stateDir, "policy-server.1.state");
const files = () => openStateFiles({ stateDir, app: "policy-server", extension: "state" });

function open({ retryMs = 20 } = {}) {
  const log = openStateLog({
    files: files(),
    secretBox,
    snapshot: () => memory,
    onError: (error) => void errors.push(error),
    retryMs,
  });
  return {
    ...log,
    add: async (entry: StateEntry) => {
      memory.push(entry);
      log.append([entry]);
      await log.flush();
    },
  };
}

async function read(box = secretBox): Promise<StateEntry[]> {
  const entries: StateEntry[] = [];
  for await (const entry of readStateLog(files(), box)) entries.push(entry);
  return entries;
}

test("entries are read in the order written, including those added after the snapshot", async () => {
  const log = open();
  await log.add(policy("a"));
  await log.add(policy("b"));
  await log.add({ kind: "seq", seq: "7" });
  expect(await read()).toEqual([policy("a"), policy("b"), { kind: "seq", seq: "7" }]);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect(await readdir(stateDir)).toEqual(["policy-server.1.lock", "policy-server.1.state"]);
});

test("nothing of it can be read on the disk or under another key", async () => {
  await open().add(policy("secret-customer.example"));
  expect(await readFile(file(), "latin1")).not.toContain("secret-customer");
  expect(await read(createSecretBox(`a:${randomBytes(32).toString("base64url")}`))).toEqual([]);
});

test("cut off at any byte, everything before the torn line is still there", async () => {
  const log = open();
  for (const name of ["a", "b", "c"]) await log.add(policy(name));
  const whole = await readFile(file());
  const lineEnds = [...whole.entries()].flatMap(([index, byte]) => (byte === 10 ? [index] : []));
  for (let length = whole.length - 1; length >= 0; length -= 37) {
    await writeFile(file(), whole);
    await truncate(file(), length);
    // The last line counts once its last byte is there, with or without the line feed.
    const expected = lineEnds.filter((end) => end <= length).length;
    expect(await read()).toHaveLength(expected);
  }
});

test("after a torn line the next start writes everything again", async () => {
  const first = open();
  await first.add(policy("a"));
  // Its lock ends with it: two logs of one moment would be equally new.
  await first.close();
  await appendFile(file(), "eyJhbGciOiJkaXIi");
  const next = open();
  await next.add(policy("b"));
  expect(await read()).toEqual([policy("a"), policy("b")]);
});

test("a snapshot cut off while it was written leaves the state before it", async () => {
  await open().add(policy("a"));
  await writeFile(`${file()}.tmp`, "half a snapsh");
  expect(await read()).toEqual([policy("a")]);
});

test("a log that grew far beyond its snapshot is rewritten", async () => {
  const log = open();
  const body = "x".repeat(100_000);
  for (let index = 0; index < 20; index += 1) {
    memory = [{ kind: "policies", items: [["a", `${index}${body}`]] }];
    log.append(memory);
    await log.flush();
  }
  expect((await stat(file())).size).toBeLessThan(1_800_000);
  expect((await read()).at(-1)).toEqual(memory[0]);
});

test("without a usable disk nothing throws, and once there is one everything is written", async () => {
  await rm(stateDir, { recursive: true });
  await writeFile(stateDir, "a file where the folder should be");
  // The next change writes everything: on a busy machine a retry of its own could come first.
  const log = open({ retryMs: 60_000 });
  await log.add(policy("a"));
  expect(errors).toHaveLength(1);
  expect(await read()).toEqual([]);
  await rm(stateDir);
  await log.add(policy("b"));
  expect(await read()).toEqual([policy("a"), policy("b")]);
});

test("entries that could not be written are written once the disk has room, without another change", async () => {
  await rm(stateDir, { recursive: true });
  await writeFile(stateDir, "a file where the folder should be");
  const log = open();
  await log.add(policy("a"));
  expect(log.ageMs()).toBeGreaterThan(0);
  await rm(stateDir);
  await expect.poll(() => read()).toEqual([policy("a")]);
  await expect.poll(log.ageMs).toBe(0);
  await log.close();
});

test("while changes come without a pause, the age is that of the oldest one that is not on disk", async () => {
  const ages: number[] = [];
  const seal = (text: string) => {
    ages.push(log.ageMs());
    if (ages.length < 20) log.append([policy(`${ages.length}`)]);
    return secretBox.seal(text);
  };
  const onError = (error: unknown) => void errors.push(error);
  const log = openStateLog({
    files: files(),
    secretBox: { ...secretBox, seal },
    snapshot: () => memory,
    onError,
  });
  memory.push(policy("a"));
  log.append(memory);
  await log.flush();
  expect(ages).toHaveLength(20);
  expect(ages.some((age, place) => age < (ages[place - 1] ?? 0))).toBe(true);
  expect([log.ageMs(), errors]).toEqual([0, []]);
  await log.close();
});

test("two servers on one volume write a file each, and the newest that can be opened is read", async () => {
  const [first, second] = [open(), open()];
  await first.add(policy("a"));
  await second.add(policy("b"));
  await first.add(policy("c"));
  expect((await readdir(stateDir)).filter((name) => name.endsWith(".state"))).toHaveLength(2);
  expect(await read()).toEqual([policy("a"), policy("c")]);
  await writeFile(file(), "a file that was damaged");
  expect(await read()).toEqual([policy("a"), policy("b")]);
});

test("a log that was deleted while it was open comes back whole", async () => {
  const log = open();
  await log.add(policy("a"));
  await rm(file());
  await log.add(policy("b"));
  await expect.poll(() => read()).toEqual([policy("a"), policy("b")]);
});
