import { expect, test } from "vitest";
import { type CachedPolicy, createPolicyResolver, type PolicyCache } from "./create-policy-resolver.ts";

const TESTING = "version: STSv1\r\nmode: testing\r\nmx: mx1.example.com\r\nmax_age: 3600\r\n";
const ENFORCE = TESTING.replace("testing", "enforce");

/** A domain whose record and policy server do what the test says; `asked` are the addresses fetched. */
function createWorld(cache?: PolicyCache) {
  const world = {
    txt: [["v=STSv1; id=1;"]] as readonly string[][] | Error,
    answer: (): Response => answerText(TESTING),
    now: new Date("2026-01-01T00:00:00Z"),
    asked: [] as string[],
    wait(seconds: number) {
      world.now = new Date(world.now.getTime() + seconds * 1000);
    },
  };
  const resolve = createPolicyResolver({
    resolveTxt: async (name) => {
      expect(name).toBe("_mta-sts.example.com");
      if (world.txt instanceof Error) throw world.txt;
      return world.txt;
    },
    fetch: async (url) => {
      world.asked.push(url);
      return world.answer();
    },
    now: () => world.now,
    elapsedMs: () => world.now.getTime(),
    ...(cache && { cache }),
  });
  return { world, resolve: () => resolve("Example.COM") };
}

const answerText = (text: string, type = "text/plain; charset=utf-8", status = 200) =>
  new Response(text, { status, headers: { "content-type": type } });

const failsWith = (code: string) => Object.assign(new Error(code), { code });

test("a policy is fetched once for each id, and kept until max_age is over (RFC 8461 §5.1)", async () => {
  const { world, resolve } = createWorld();
  expect(await resolve()).toMatchObject({ source: "fetched", policy: { mode: "testing" }, problem: null });
  expect(await resolve()).toMatchObject({ source: "cache", problem: null });
  expect(world.asked).toEqual(["https://mta-sts.example.com/.well-known/mta-sts.txt"]);
  world.txt = [["v=STSv1; id=2;"]];
  world.answer = () => answerText(ENFORCE);
  expect(await resolve()).toMatchObject({ source: "fetched", policy: { mode: "enforce" } });
  world.wait(3601);
  expect(await resolve()).toMatchObject({ source: "fetched" });
  expect(world.asked).toHaveLength(3);
});

const lost: [string, readonly string[][] | Error, problem: RegExp | null][] = [
  ["name is gone", failsWith("ENOTFOUND"), null],
  ["name has no TXT", failsWith("ENODATA"), null],
  ["name server is down", failsWith("ETIMEOUT"), /cannot be looked up/],
  ["record is twice there", [["v=STSv1; id=1"], ["v=STSv1; id=2"]], /2 TXT records/],
  ["record is not a record", [["v=spf1 -all"]], null],
  ["id is bad", [["v=STSv1; id=?"]], /1 to 32/],
];
test.each(lost)("a kept policy outlives its record: the %s (RFC 8461 §3.1)", async (_, txt, problem) => {
  const { world, resolve } = createWorld();
  const said = problem ? expect.stringMatching(problem) : null;
  world.txt = txt;
  expect(await resolve()).toEqual({ policy: null, source: null, expiresAt: null, problem: said });
  expect(world.asked).toEqual([]);
  world.txt = [["v=STSv1; id=1;"]];
  await resolve();
  world.txt = txt;
  expect(await resolve()).toMatchObject({ source: "cache", policy: { mode: "testing" }, problem: said });
  world.wait(3601);
  expect(await resolve()).toMatchObject({ policy: null, problem: said });
});

const refused: [string, () => Response, RegExp][] = [
  ["a redirect", () => answerText("", "text/plain", 302), /redirect/],
  ["status 404", () => answerText(TESTING, "text/plain", 404), /status 404/],
  ["HTML", () => answerText(TESTING, "text/html"), /text\/html/],
  ["no type", () => new Response(new TextEncoder().encode(TESTING)), /"none"/],
  ["more than 64 KiB", () => answerText(`${TESTING}x: ${"a".repeat(70_000)}\r\n`), /64 KiB/],
  ["a broken policy", () => answerText("version: STSv1\r\nmode: maybe\r\n"), /Line \d of the policy/],
  [
    "no certificate",
    () => {
      throw new TypeError("fetch failed", { cause: new Error("self-signed certificate") });
    },
    /certificate is not valid/,
  ],
];
test.each(refused)("%s is no policy, and a kept one goes on (RFC 8461 §3.3)", async (_, answer, problem) => {
  const { world, resolve } = createWorld();
  world.answer = answer;
  expect(await resolve()).toMatchObject({ policy: null, problem: expect.stringMatching(problem) });
  world.wait(301);
  world.answer = () => answerText(TESTING);
  expect(await resolve()).toMatchObject({ source: "fetched" });
  world.txt = [["v=STSv1; id=2;"]];
  world.answer = answer;
  expect(await resolve()).toMatchObject({
    source: "cache",
    policy: {},
    problem: expect.stringMatching(problem),
  });
});

test("a failed fetch is tried again for the same id after five minutes, for another id at once (RFC 8461 §3.3)", async () => {
  const { world, resolve } = createWorld();
  world.answer = () => answerText("", "text/plain", 500);
  await resolve();
  world.wait(299);
  expect(await resolve()).toMatchObject({ problem: expect.stringMatching(/500/) });
  expect(world.asked).toHaveLength(1);
  world.wait(2);
  await resolve();
  expect(world.asked).toHaveLength(2);
  world.txt = [["v=STSv1; id=3;"]];
  await resolve();
  expect(world.asked).toHaveLength(3);
});

test("a hundred questions at once fetch once (RFC 8461 §3.3)", async () => {
  const { world, resolve } = createWorld();
  const answers = await Promise.all(Array.from({ length: 100 }, resolve));
  expect(answers.every(({ source }) => source === "fetched")).toBe(true);
  expect(world.asked).toHaveLength(1);
});

test("a store that fails makes no policy up and does not throw (RFC 8461 §10.2)", async () => {
  const store = new Map<string, CachedPolicy>();
  const { world, resolve } = createWorld(store);
  await resolve();
  expect([...store.keys()]).toEqual(["example.com"]);
  const broken = createWorld({ get: () => Promise.reject(new Error("disk")), set: () => {} });
  expect(await broken.resolve()).toMatchObject({ policy: null, problem: expect.stringMatching(/store/) });
  expect(world.asked).toHaveLength(1);
  const full = createWorld({ get: () => undefined, set: () => Promise.reject(new Error("disk full")) });
  expect(await full.resolve()).toMatchObject({ source: "fetched", problem: expect.stringMatching(/store/) });
});
