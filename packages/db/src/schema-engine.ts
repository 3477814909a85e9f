import { readFile } from "node:fs/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";

/**
 * Opens Prisma's schema engine on a database. The engine is the official one as WebAssembly, so
 * migrations need no native binary and no download. Call `free()` when done.
 */
export async function openSchemaEngine(databaseUrl: string): Promise<bindings.SchemaEngine> {
  await loadWebAssembly();
  const adapter = bindMigrationAwareSqlAdapterFactory(new ScriptingPrismaPg(databaseUrl));
  return bindings.SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
}

/** No table is managed by anyone but the migrations. */
export const everyTable = { externalTables: [], externalEnums: [] };

/** Runs a script in one go: the adapter's own executeScript cuts it at every semicolon, function bodies too. */
class ScriptingPrismaPg extends PrismaPg {
  readonly #databaseUrl: string;

  constructor(databaseUrl: string) {
    super({ connectionString: databaseUrl });
    this.#databaseUrl = databaseUrl;
  }

  override async connect() {
    const connection = await super.connect();
    connection.executeScript = (script) => this.#run(script);
    return connection;
  }

  async #run(script: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.#databaseUrl });
    await client.connect();
    try {
      await client.query(script);
    } finally {
      await client.end();
    }
  }
}

let loaded = false;

/** wasm-bindgen's generated module has to be given its instance; its types do not say so. */
async function loadWebAssembly(): Promise<void> {
  if (loaded) return;
  const url = import.meta.resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const wasm = await readFile(new URL("schema_engine_bg.wasm", url));
  const imports = { "./schema_engine_bg.js": bindings as unknown as WebAssembly.ModuleImports };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm)), imports);
  const untyped = bindings as unknown as { __wbg_set_wasm(exports: WebAssembly.Exports): void };
  untyped.__wbg_set_wasm(instance.exports);
  (instance.exports as unknown as { __wbindgen_start(): void }).__wbindgen_start();
  loaded = true;
}
