import { expect, test } from "vitest";
import { describeFailedApp, explainFailedStart } from "./explain-failed-start.ts";

const env = { PORT: "3000", POLICY_HTTPS_PORT: "8443", HEALTH_PORT: "0" };

test.each([
  [
    "api",
    "Port 3000 is already in use. Stop what uses it or set another port.",
    "api could not start. Port 3000 is already in use. Stop what uses it or set another port. The setting is PORT.",
  ],
  [
    "policy-server",
    "Port 8443 needs more rights than this process has.",
    "policy-server could not start. Port 8443 needs more rights than this process has. The setting is POLICY_HTTPS_PORT.",
  ],
  [
    "worker",
    "The database does not answer. Check DATABASE_URL, and that Postgres runs.",
    "worker could not start. The database does not answer. Check DATABASE_URL, and that Postgres runs.",
  ],
  [
    "nameserver",
    "/srv/state may not be read or written by this user.",
    "nameserver could not start. /srv/state may not be read or written by this user.",
  ],
  [
    "sandbox",
    "It ended before it was ready (SIGKILL)",
    "sandbox could not start. It ended before it was ready (SIGKILL).",
  ],
])("%s: %s", (name, reason, sentence) => {
  const text = describeFailedApp({ name, reason, env, logName: `/data/logs/${name}.log` });
  expect(text).toBe(`${sentence}\n  Log: /data/logs/${name}.log`);
});

const failure = (more: object, message = "raw words of a library") => Object.assign(new Error(message), more);
const external = { DATABASE_URL: "postgresql://waxseal:secret@db.example:5432/waxseal" };

test.each([
  [
    "the password is wrong",
    failure({ code: "28P01" }),
    external,
    "The database at db.example:5432 refused the user waxseal or the password. Check both in DATABASE_URL.",
  ],
  [
    "the database is missing",
    failure({ code: "3D000" }),
    external,
    "The database at db.example:5432 has no database named waxseal. Create it, or correct DATABASE_URL.",
  ],
  [
    "the server is away",
    failure({ code: "ECONNREFUSED", syscall: "connect" }),
    external,
    "The database at db.example:5432 does not answer. Check that it runs, then try again.",
  ],
  [
    "our own Postgres has a full disk",
    failure({ code: "53100" }),
    {},
    "The database has no space left on its disk.\n  Log: /data/logs/postgres.log",
  ],
  [
    "our own Postgres does not start",
    new Error("Postgres could not start on /data/postgres: the disk is full"),
    {},
    "Postgres could not start on /data/postgres: the disk is full\n  Log: /data/logs/postgres.log",
  ],
  [
    "the folder may not be written",
    failure({ code: "EACCES", syscall: "mkdir", path: "/data/logs" }),
    {},
    "/data/logs may not be read or written by this user.",
  ],
  [
    "another one runs on the folder",
    new Error("Waxseal is already running on /data (process 7). Stop that one first."),
    {},
    "Waxseal is already running on /data (process 7). Stop that one first.",
  ],
])("%s: said in words", (_name, error, settings, text) => {
  expect(explainFailedStart(error, { env: settings, dataDir: "/data" })).toEqual({ text, unexpected: false });
});

test("an unexpected error is not shown but named with the log that holds it", () => {
  const { text, unexpected } = explainFailedStart(new TypeError("x is undefined"), {
    env: {},
    dataDir: "/data",
  });
  expect(unexpected).toBe(true);
  expect(text).toMatch(
    /^The start failed for a reason that its log describes\.\n {2}Log: \/data\/logs\/start\.log$/,
  );
});
