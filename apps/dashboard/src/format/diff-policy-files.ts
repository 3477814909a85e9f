export type DiffLine = { text: string; change: "added" | "removed" | "same" };

/**
 * The lines of two policy files, what only the older has before what only the newer has.
 * Policy files have few, short lines and no order that matters, so lines are compared as they are.
 */
export function diffPolicyFiles(before: string, after: string): DiffLine[] {
  const [older, newer] = [splitLines(before), splitLines(after)];
  const removed = older.filter((line) => !newer.includes(line));
  const diff: DiffLine[] = newer.map((text) => ({ text, change: older.includes(text) ? "same" : "added" }));
  for (const text of removed) {
    const key = keyOf(text);
    const at = diff.findIndex((line) => line.change === "added" && keyOf(line.text) === key);
    const lastOfKey = diff.findLastIndex((line) => keyOf(line.text) === key);
    diff.splice(at >= 0 ? at : lastOfKey + 1, 0, { text, change: "removed" });
  }
  return diff;
}

function splitLines(file: string): string[] {
  return file.split(/\r?\n/).filter((line) => line !== "");
}

function keyOf(line: string): string {
  return line.slice(0, line.indexOf(":"));
}
