import { cp, readFile, writeFile } from "node:fs/promises";

// Makes the build a package that runs without type stripping: Node does not strip types below node_modules.
const target = process.argv[2] ?? "dist";
const { scripts: _, private: __, ...description } = JSON.parse(await readFile("package.json", "utf8"));
const entry = { types: "./index.d.ts", default: "./index.js" };
const exports = { ...description.exports, ".": entry, "./package.json": "./package.json" };
const hasFixtures = "./fixtures/*" in exports;
const folders = [...("bin" in description ? ["bin"] : []), ...(hasFixtures ? ["fixtures"] : [])];
const files = ["**/*.js", "**/*.d.ts", ...folders];
const packed = {
  ...description,
  exports,
  main: "./index.js",
  types: "./index.d.ts",
  files,
  sideEffects: false,
};
await writeFile(`${target}/package.json`, `${JSON.stringify(packed, null, 2)}\n`);
for (const name of ["README.md", "LICENSE", ...folders])
  await cp(name, `${target}/${name}`, { recursive: true });
