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

for (const name of ["mta-sts", "tls-rpt"]) {
  test(`every requirement of the ${name} README names files that exist and a test that cites its section`, () => {
    const src = `packages/${name}/src/`;
    const files = new Set(listFiles().filter((path) => path.startsWith(src)));
    const rows = readText(`packages/${name}/README.md`)
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim()))
      .filter((cells) => cells.length === 6 && /^RFC \d{4} (§|erratum )/.test(cells[1] ?? ""));
    expect(rows.length).toBeGreaterThan(10);
    const problems = rows.flatMap(([, cited = "", requirement, where = "", test = ""]) => {
      const named = [where, test].flatMap((cell) =>
        [...cell.matchAll(/`([\w.-]+\.ts)`/g)].map((found) => found[1]),
      );
      const missing = named
        .filter((file) => !files.has(`${src}${file}`))
        .map((file) => `${file} does not exist`);
      if (!test.includes(".test.ts`")) missing.push("no test is named");
      const tests = named.filter((file) => file?.endsWith(".test.ts") && files.has(`${src}${file}`));
      const [, rfc = "", place = ""] = /^RFC (\d{4}) (§[\d.]*\d|erratum \d+)/.exec(cited) ?? [];
      const isCited = tests.some((file) => cites(readText(`${src}${file}`), rfc, place));
      return [...missing, ...(isCited ? [] : [`${cited} is not in a test name`])].map(
        (problem) => `${requirement}: ${problem}`,
      );
    });
    expect(problems).toEqual([]);
  });
}

/** `RFC 8461 §3.1, §8.1` cites both. */
function cites(text: string, rfc: string, section: string): boolean {
  const escaped = section.replaceAll(".", "\\.");
  return new RegExp(`RFC ${rfc}[^\\n]*${escaped}(?![\\d.]*\\d)`).test(text);
}
