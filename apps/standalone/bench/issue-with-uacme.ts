import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pebble } from "@waxseal/sandbox";
import { readTreeUsage } from "./process-tree.ts";

type Work = {
  pebble: Pebble;
  /** Answers to challenges are put here as `token-<token>`. */
  folder: string;
  hosts: readonly string[];
  atATime: number;
};

const HOOK = `#!/bin/sh
case "$1" in
  begin) [ "$2" = http-01 ] || exit 1; printf %s "$5" > "$BENCH_FOLDER/token-$4" ;;
  *) rm -f "$BENCH_FOLDER/token-$4" ;;
esac
`;

// libcurl of Debian's uacme trusts one file only: it gets another one in a mount namespace of its own.
const SCRIPT = `
mount --bind "$BENCH_CA" /etc/ssl/certs/ca-certificates.crt || exit 1
issue="uacme -y -c $BENCH_FOLDER/uacme -a $BENCH_DIRECTORY -t EC -h $BENCH_FOLDER/hook"
$issue new || exit 1
echo ready
read go
xargs -P "$BENCH_AT_A_TIME" -n 1 $issue issue < "$BENCH_FOLDER/hosts"
echo done
read end
`;

/** Has uacme issue for every host, several at a time. @throws Error when it does not get all of them */
export async function issueWithUacme({ pebble, folder, hosts, atATime }: Work) {
  await writeFile(join(folder, "hosts"), `${hosts.join("\n")}\n`);
  await writeFile(join(folder, "hook"), HOOK);
  await chmod(join(folder, "hook"), 0o755);
  const child = spawn("unshare", ["-m", "sh", "-c", SCRIPT], {
    env: {
      ...process.env,
      BENCH_CA: pebble.caFile,
      BENCH_FOLDER: folder,
      BENCH_DIRECTORY: pebble.directoryUrl,
      BENCH_AT_A_TIME: String(atATime),
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2_000);
  });
  const ended = once(child, "exit").then(() => {
    throw new Error(`uacme ended early: ${complaints.trim()}`);
  });
  await Promise.race([once(child.stdout, "data"), ended]);
  const pid = child.pid ?? 0;
  const before = await readTreeUsage(pid);
  const startedMs = performance.now();
  child.stdin.write("go\n");
  await Promise.race([once(child.stdout, "data"), ended]);
  const seconds = (performance.now() - startedMs) / 1_000;
  const { cpuSeconds } = await readTreeUsage(pid);
  ended.catch(() => undefined);
  child.stdin.end("end\n");
  const folders = await readdir(join(folder, "uacme"));
  const missing = hosts.filter((host) => !folders.includes(host));
  if (missing.length > 0)
    throw new Error(`uacme issued ${hosts.length - missing.length} of ${hosts.length}: ${complaints.trim()}`);
  return { seconds, cpuSeconds: cpuSeconds - before.cpuSeconds };
}
