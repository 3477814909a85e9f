import { expect, test } from "vitest";
import { queuePasswords } from "./queue-passwords.ts";

/** Passwords that are hashed when `release` says so; `running` at the same instant, at most `peak`. */
function createSlowPasswords() {
  const slow = { running: 0, peak: 0, held: [] as (() => void)[], isReleased: false };
  const work = async () => {
    slow.running++;
    slow.peak = Math.max(slow.peak, slow.running);
    if (!slow.isReleased) await new Promise<void>((resolve) => slow.held.push(resolve));
    slow.running--;
  };
  const release = () => {
    slow.isReleased = true;
    for (const resolve of slow.held) resolve();
  };
  const hash = async (password: string) => {
    await work();
    if (password === "broken") throw new Error("out of memory");
    return `hash of ${password}`;
  };
  const verify = async (attempt: { hash: string; password: string }) => {
    await work();
    return attempt.hash === `hash of ${attempt.password}`;
  };
  return { slow, release, passwords: queuePasswords({ hash, verify }) };
}

test("two passwords are hashed at once, a hundred more wait, and what comes after them is refused with 503 in words", async () => {
  const { slow, release, passwords } = createSlowPasswords();
  const asked = Array.from({ length: 102 }, (_, n) =>
    n % 2 ? passwords.hash("x") : passwords.verify({ hash: "hash of x", password: "x" }),
  );
  await expect(passwords.hash("one too many")).rejects.toMatchObject({
    statusCode: 503,
    body: { code: "TOO_BUSY", message: expect.stringContaining("Try again") },
  });
  release();
  expect(new Set(await Promise.all(asked))).toEqual(new Set(["hash of x", true]));
  expect(slow.peak).toBe(2);
});

test("a hash that fails gives its place back", async () => {
  const { release, passwords } = createSlowPasswords();
  release();
  for (let n = 0; n < 5; n++) await expect(passwords.hash("broken")).rejects.toThrow("out of memory");
  expect(await passwords.hash("fine")).toBe("hash of fine");
});
