import { readdir, readFile } from "node:fs/promises";

/** CPU time and memory of a process and everything it started. */
export type TreeUsage = {
  processes: number;
  /** User and system, also of children that have ended. */
  cpuSeconds: number;
  /** Shared pages counted once, in proportion (PSS). */
  memoryBytes: number;
};

/** The unit of /proc/<pid>/stat on every Linux of today (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** What a process and its descendants have used so far. Linux only. */
export async function readTreeUsage(rootPid: number, { memory = false } = {}): Promise<TreeUsage> {
  const all = new Map<number, { parent: number; ticks: number }>();
  for (const name of await readdir("/proc")) {
    const pid = Number(name);
    const stat = pid > 0 ? await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "") : "";
    // The command in parentheses may hold spaces and parentheses of its own.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const number = (index: number) => Number(fields[index]);
    if (stat) all.set(pid, { parent: number(1), ticks: number(11) + number(12) + number(13) + number(14) });
  }
  const tree = [rootPid];
  for (const pid of tree) {
    for (const [child, { parent }] of all) if (parent === pid) tree.push(child);
  }
  const ticks = tree.reduce((sum, pid) => sum + (all.get(pid)?.ticks ?? 0), 0);
  const bytes = memory ? await Promise.all(tree.map(readMemory)) : [];
  return {
    processes: tree.length,
    cpuSeconds: ticks / TICKS_PER_SECOND,
    memoryBytes: bytes.reduce((sum, own) => sum + own, 0),
  };
}

async function readMemory(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "latin1").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1_024;
}
