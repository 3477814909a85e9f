import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";
import { createClient, poolConfig } from "./connect.ts";

/**
 * Runs work with Prisma's schema engine on a database. The engine is the official one as WebAssembly,
 * so migrations need no native binary and no download.
 */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  work: (engine: bindings.SchemaEngine) => Promise<T>,
): Promise<T> {
  await loadWebAssembly();
  const factory = new ScriptingPrismaPg(databaseUrl);
  const adapter = bindMigrationAwareSqlAdapterFactory(factory);
  const engine = await bindings.SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
  try {
    return await work(engine);
  } finally {
    engine.free();
    await factory.disconnect();
  }
}

/** Lock time-out of a statement. Later statements queue behind one that waits for a lock, so it gives up soon and retries. */
const LOCK_TIMEOUT_MS = 2_000;
const LOCK_TRIES = 30;
const LOCK_NOT_AVAILABLE = "55P03";

/** No table is managed by anyone but the migrations. */
export const everyTable = { externalTables: [], externalEnums: [] };

/** Runs a script in one go: the adapter's own executeScript cuts it at every semicolon, function bodies too. */
class ScriptingPrismaPg extends PrismaPg {
  readonly #databaseUrl: string;
  readonly #connections: Array<{ dispose(): Promise<void> }> = [];

  constructor(databaseUrl: string) {
    super(poolConfig(databaseUrl, { max: 4, isDirect: true }));
    this.#databaseUrl = databaseUrl;
  }

  override async connect() {
    const connection = await super.connect();
    connection.executeScript = (script) => this.#run(script);
    this.#connections.push(connection);
    return connection;
  }

  /** The engine leaves its connections open when it is freed. */
  async disconnect(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.dispose()));
  }

  async #run(script: string): Promise<void> {
    const client = createClient(this.#databaseUrl);
    await client.connect();
    try {
      // Building an index concurrently waits for older transactions and holds up nothing meanwhile; cut off, it would leave half an index.
      if (/\bconcurrently\b/i.test(script)) await client.query(script);
      else await runWithoutQueue(client, script);
    } finally {
      await client.end();
    }
  }
}

/** A script is one transaction: one that does not get its lock in time has changed nothing. */
async function runWithoutQueue(client: pg.Client, script: string): Promise<void> {
  await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
  for (let tries = 1; ; tries += 1)
    try {
      await client.query(script);
      return;
    } catch (error) {
      const isLocked = error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE;
      if (!isLocked || tries === LOCK_TRIES) throw error;
    }
}

let loaded = false;

/** wasm-bindgen's generated module has to be given its instance; its types do not say so. */
async function loadWebAssembly(): Promise<void> {
  if (loaded) return;
  const script = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const wasm = await readFile(join(dirname(script), "schema_engine_bg.wasm"));
  const imports = { "./schema_engine_bg.js": withoutHoldingTimers(bindings) };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm)), imports);
  const untyped = bindings as unknown as { __wbg_set_wasm(exports: WebAssembly.Exports): void };
  untyped.__wbg_set_wasm(instance.exports);
  (instance.exports as unknown as { __wbindgen_start(): void }).__wbindgen_start();
  loaded = true;
}

/** The engine's lock time-out of ten seconds is never cancelled; it must not keep a finished process alive. */
function withoutHoldingTimers(exports: object): WebAssembly.ModuleImports {
  const imports: WebAssembly.ModuleImports = {};
  for (const [name, value] of Object.entries(exports)) {
    imports[name] = name.startsWith("__wbg_setTimeout_")
      ? (...args: unknown[]) => {
          const timer: NodeJS.Timeout = value(...args);
          timer.unref();
          return timer;
        }
      : value;
  }
  return imports;
}
