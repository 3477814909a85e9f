/** One thing that became different. */
export type Difference = { name: string; before: string; after: string };

/** What an event's data says was there before and is different now, in its order; nothing when it does not say. */
export function listDifferences(data: Record<string, unknown>): Difference[] {
  const { before } = data;
  if (typeof before !== "object" || before === null) return [];
  return Object.entries(before).flatMap(([name, old]) => {
    const [was, is] = [format(old), format(data[name])];
    return name in data && was !== is ? [{ name, before: was, after: is }] : [];
  });
}

function format(value: unknown): string {
  if (Array.isArray(value)) return value.length > 0 ? value.map(format).join(", ") : "none";
  if (value === null || value === undefined) return "none";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
