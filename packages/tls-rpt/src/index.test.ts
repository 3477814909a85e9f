import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

function readImports(file: string, seen = new Set<string>()): Set<string> {
  const source = readFileSync(new URL(file, import.meta.url), "utf8");
  for (const [, specifier = ""] of source.matchAll(/(?:from|import) ?\(?"([^"]+)"/g)) {
    if (seen.has(specifier)) continue;
    seen.add(specifier);
    if (specifier.startsWith("./")) readImports(specifier, seen);
  }
  return seen;
}

test("the package runs in a browser: nothing it loads is outside its own folder", () => {
  const imports = readImports("./index.ts");
  expect(imports).toContain("./scan-json.ts");
  expect([...imports].filter((specifier) => !specifier.startsWith("./"))).toEqual([]);
});
