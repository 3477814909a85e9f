import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

const OUTPUT_KEPT = 8_000;

/** A program that is running: `output()` is the end of what it said, `stop()` ends it and waits. */
export type Child = { pid: number; output(): string; stop(): Promise<void> };

/**
 * Starts a program and waits until `isReady` says so.
 *
 * The program ends with this process, also when that is left by an exception.
 *
 * @throws Error – not installed, ended before it was ready, or not ready in `timeoutMs`; names its last output
 */
export async function startChild(input: {
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  isReady(): Promise<boolean>;
  timeoutMs?: number;
}): Promise<Child> {
  const child = spawn(input.command, input.args, {
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...input.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_KEPT);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  let failure: string | undefined;
  child.once("error", (error) => {
    failure = error.message;
  });
  child.once("exit", (code, signal) => {
    failure ??= `ended with ${signal ?? code}`;
  });
  const killNow = () => child.kill("SIGKILL");
  process.once("exit", killNow);

  const stop = async () => {
    process.off("exit", killNow);
    if (failure !== undefined) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const deadline = setTimeout(killNow, 3_000);
    await ended;
    clearTimeout(deadline);
  };

  const deadlineMs = performance.now() + (input.timeoutMs ?? 10_000);
  while (!(await input.isReady().catch(() => false))) {
    if (failure !== undefined || performance.now() > deadlineMs) {
      await stop();
      throw new Error(`${input.command} ${failure ?? "did not become ready"}: ${output.trim()}`);
    }
    await delay(25);
  }
  return { pid: child.pid ?? 0, output: () => output, stop };
}
