// Prints the SQL that leads from the committed prisma/schema.prisma to the one in the work tree:
// the raw material of the next migration.
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { withTemporaryPostgres } from "./embedded-postgres.ts";
import { everyTable, withSchemaEngine } from "./schema-engine.ts";

const path = "prisma/schema.prisma";
const root = new URL("../../../", import.meta.url);
const committed = execFileSync("git", ["show", `HEAD:${path}`], { cwd: root, encoding: "utf8" });
const edited = await readFile(new URL(path, root), "utf8");

await withTemporaryPostgres(async (databaseUrl) => {
  const result = await withSchemaEngine(databaseUrl, (engine) =>
    engine.diff({
      from: { tag: "schemaDatamodel", files: [{ path, content: committed }] },
      to: { tag: "schemaDatamodel", files: [{ path, content: edited }] },
      script: true,
      exitCode: null,
      filters: everyTable,
    }),
  );
  process.stdout.write(result.stdout ?? "");
});
