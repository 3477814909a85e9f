import { cp, readFile, writeFile } from "node:fs/promises";

// Makes dist/ a package that runs without type stripping: Node does not strip types below node_modules.
const { scripts: _, private: __, ...description } = JSON.parse(await readFile("package.json", "utf8"));
const exports = { ".": { types: "./index.d.ts", default: "./index.js" } };
const files = ["**/*.js", "**/*.d.ts"];
await writeFile(
  "dist/package.json",
  `${JSON.stringify({ ...description, exports, types: "./index.d.ts", files, sideEffects: false }, null, 2)}\n`,
);
for (const name of ["README.md", "LICENSE"]) await cp(name, `dist/${name}`);
