import { formatInstant } from "@waxseal/contract/format-instant";

/** One thing that became different. */
export type Difference = { name: string; before: string; after: string };

/** What an event's data says was there before and is different now, in its order; nothing when it does not say. */
export function listDifferences(data: Record<string, unknown>): Difference[] {
  const { before } = data;
  if (typeof before !== "object" || before === null) return [];
  return Object.entries(before).flatMap(([name, old]) => {
    const [was, is] = [format(old), format(data[name])];
    return name in data && was !== is ? [{ name: nameOf(name), before: was, after: is }] : [];
  });
}

const NAMES: Readonly<Record<string, string>> = {
  mx: "MX list",
  mxHosts: "MX hosts",
  maxAgeSeconds: "Cached for (seconds)",
  rawDays: "Raw messages (days)",
  dailyDays: "Reports and totals (days)",
  policyId: "Policy id",
  isRequired: "Required",
  clientId: "Client ID",
};

/** "isRequired" reads "Required"; a name that is not listed is taken apart at its capitals. */
function nameOf(key: string): string {
  if (Object.hasOwn(NAMES, key)) return NAMES[key] ?? key;
  const words = key.replace(/([A-Z])/g, " $1").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function format(value: unknown): string {
  if (Array.isArray(value)) return value.length > 0 ? value.map(format).join(", ") : "none";
  if (value === null || value === undefined) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return formatInstant(value);
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${nameOf(name)}: ${format(inner)}`)
    .join(", ");
}
