import { expect, test } from "vitest";
import { listFiles, readText } from "./repo-files.ts";

for (const name of ["mta-sts", "tls-rpt"]) {
  test(`every section the ${name} README cites is cited in code and in a test name`, () => {
    const home = `packages/${name}/`;
    const files = listFiles().filter((path) => path.startsWith(`${home}src/`) && path.endsWith(".ts"));
    const code = files
      .filter((path) => !path.endsWith(".test.ts"))
      .map(readText)
      .join("\n");
    const tests = files
      .filter((path) => path.endsWith(".test.ts"))
      .map(readText)
      .join("\n");
    const rfc = name === "mta-sts" ? "8461" : "8460";
    const rows = readText(`${home}README.md`)
      .split("\n")
      .filter((line) => line.startsWith("|") && line.includes("§"));
    const sections = new Set(
      rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/§[\d.]*\d/g)].map((match) => match[0])),
    );
    expect(sections.size).toBeGreaterThan(3);
    const missing = [...sections].flatMap((section) => [
      ...(cites(code, rfc, section) ? [] : [`${section} not in code`]),
      ...(cites(tests, rfc, section) ? [] : [`${section} not in a test name`]),
    ]);
    expect(missing).toEqual([]);
  });
}

/** `RFC 8461 §3.1, §8.1` cites both. */
function cites(text: string, rfc: string, section: string): boolean {
  const escaped = section.replaceAll(".", "\\.");
  return new RegExp(`RFC ${rfc}[^\\n]*${escaped}(?![\\d.]*\\d)`).test(text);
}
