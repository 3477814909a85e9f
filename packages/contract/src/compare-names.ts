const NAMES = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Orders names as people count: "site2.example" before "site10.example", whatever the case. */
export function compareNames(a: string, b: string): number {
  return NAMES.compare(a, b);
}
