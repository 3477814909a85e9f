import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import { findFreePort } from "./find-free-port.ts";

const index = new URL("index.ts", import.meta.url).href;
/** A process that says when it stops, with the health port of every app. */
const SCRIPT = `
import { Registry } from "prom-client";
import { runApp, startHealthServer } from ${JSON.stringify(index)};
await runApp("drained", process.env, async (logger, env, { isStopping }) => {
  const port = Number(env.HEALTH_PORT);
  await startHealthServer({ port, bindAddress: "127.0.0.1", registry: new Registry(), needs: () => ({}), isStopping });
  return { stop: async () => console.log("stopped") };
});`;

let child: ChildProcess | undefined;
afterEach(() => child?.kill("SIGKILL"));

async function start(DRAIN_SECONDS: string) {
  const HEALTH_PORT = String(await findFreePort());
  const env = { PATH: process.env.PATH, LOG_LEVEL: "silent", HEALTH_PORT, DRAIN_SECONDS };
  const stdio: StdioOptions = ["ignore", "pipe", "inherit", "ipc"];
  const options = { env, cwd: import.meta.dirname, stdio };
  const started = spawn(process.execPath, ["--input-type=module", "-e", SCRIPT], options);
  child = started;
  if (!started.stdout) throw new Error("no output");
  const lines = createInterface({ input: started.stdout });
  // Sent when signals are listened to.
  const [message] = await once(started, "message");
  expect(message).toEqual({ ready: true });
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${HEALTH_PORT}/${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  return { started, ask, stopped: once(lines, "line") };
}

test("with DRAIN_SECONDS=0 a process that is asked to stop does so at once and ends with 0", async () => {
  const { started, ask, stopped } = await start("0");
  expect((await ask("readyz")).status).toBe(200);
  const ended = once(started, "exit");
  started.kill("SIGTERM");
  expect(await stopped).toEqual(["stopped"]);
  expect(await ended).toEqual([0, null]);
});

test("with DRAIN_SECONDS it is first not ready, says so, and serves on", async () => {
  const { started, ask, stopped } = await start("30");
  let hasStopped = false;
  void stopped.then(() => {
    hasStopped = true;
  });
  started.kill("SIGTERM");
  await expect.poll(async () => (await ask("readyz")).status).toBe(503);
  expect((await ask("readyz")).text).toContain("The process is about to stop.");
  expect((await ask("healthz")).status).toBe(200);
  expect([hasStopped, started.exitCode]).toEqual([false, null]);
});
