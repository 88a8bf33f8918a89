#!/usr/bin/env -S node --no-warnings
/**
 * A stand-in for Prisma's native `schema-engine` executable, for places that cannot download it.
 *
 * The CLI insists on that executable for every command and fetches it from binaries.prisma.sh, so
 * without the network not even `prisma validate` runs. `@prisma/schema-engine-wasm` is the same
 * Rust engine as an npm package; this file gives it the executable's protocol (JSON-RPC, one
 * message a line, on stdin and stdout) and lets it reach Postgres through `@prisma/adapter-pg`.
 *
 * For development only: a server migrates with `server/postgres/migrate.ts`. Only the schema
 * `public` is looked after. `--no-warnings`, because the CLI parses what is written to stderr.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    datamodels: { type: 'string', multiple: true },
    datasource: { type: 'string', default: '{}' },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
    version: { type: 'boolean' },
  },
});
const url = JSON.parse(values.datasource).url;

/**
 * `PrismaPg` with what the schema engine needs and `PrismaPg` lacks (7.10.0):
 * - it refuses catalogue columns of type "char" (oid 18): they are read as characters here;
 * - its `executeScript` splits at every `;`, also inside `$$` bodies: the script is sent whole;
 * - its shadow database opens with the connection string of the *main* one, and is dropped before
 *   its pool has ended.
 */
class MigrationPg {
  provider = 'postgres';
  adapterName = '@prisma/adapter-pg';

  async connect() {
    return this.#open(url, async () => {});
  }

  async connectToShadowDb() {
    const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)}`);
    const shadow = new URL(url);
    shadow.pathname = `/${name}`;
    return this.#open(shadow.href, async () => {
      await admin.query(`DROP DATABASE IF EXISTS ${admin.escapeIdentifier(name)} WITH (FORCE)`);
      await admin.end();
    });
  }

  async #open(connectionString, afterwards) {
    const pool = new pg.Pool({ connectionString, max: 2 });
    // A query that fails says so itself; a connection that is closing (the shadow's, when it is
    // dropped) must not end the process.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    const adapter = await new PrismaPg(pool).connect();
    const { CHAR, TEXT } = pg.types.builtins;
    adapter.queryRaw = async (query) => {
      const chars = [];
      const reader = Object.create(adapter, {
        performIO: {
          value: async (io) => {
            const result = await adapter.performIO(io);
            for (const [index, field] of result.fields.entries()) {
              if (field.dataTypeID !== CHAR) continue;
              field.dataTypeID = TEXT;
              chars.push(index);
            }
            return result;
          },
        },
      });
      const result = await Object.getPrototypeOf(adapter).queryRaw.call(reader, query);
      // Not Text: on PostgreSQL 18 the engine panics over a constraint type that is no character.
      for (const index of chars) result.columnTypes[index] = ColumnTypeEnum.Character;
      return result;
    };
    adapter.executeScript = async (script) => {
      await pool.query(script).catch((error) => adapter.onError(error));
    };
    const dispose = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      await dispose();
      await pool.end();
      await afterwards();
    };
    return adapter;
  }
}

async function loadEngine() {
  const wasmFile = new URL(
    './schema_engine_bg.wasm',
    import.meta.resolve('@prisma/schema-engine-wasm'),
  );
  const { instance } = await WebAssembly.instantiate(readFileSync(fileURLToPath(wasmFile)), {
    './schema_engine_bg.js': glue,
  });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const adapter = bindMigrationAwareSqlAdapterFactory(new MigrationPg());
  const datamodels = values.datamodels?.map((path) => [path, readFileSync(path, 'utf8')]);
  return glue.SchemaEngine.new({ datamodels }, () => {}, adapter);
}

/** A database that does not exist yet cannot be connected to: go through `postgres`. */
async function createDatabase(target) {
  const at = new URL(target);
  const dbName = decodeURIComponent(at.pathname.slice(1));
  at.pathname = '/postgres';
  at.searchParams.delete('schema');
  const client = new pg.Client({ connectionString: at.href });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(dbName)}`);
    return { databaseName: dbName };
  } finally {
    await client.end();
  }
}

async function canConnect() {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.end();
}

function rpcError(error) {
  return {
    code: 4466,
    message: 'An error happened. Check the data field for details.',
    data: {
      is_panic: false,
      message: String(error?.message ?? error),
      error_code: error?.code ?? null,
      meta: error?.meta ?? {},
    },
  };
}

/** `schema-engine cli …`: answers by its exit code and by JSON log lines on stderr. */
async function runCommand(command) {
  const log = (level, fields) =>
    process.stderr.write(`${JSON.stringify({ level, fields, target: 'schema_engine::logger' })}\n`);
  log('INFO', { message: 'Starting schema engine CLI' }); // the Prisma CLI skips the first line
  try {
    if (command === 'create-database') await createDatabase(url);
    else await canConnect();
  } catch (error) {
    const codes = { '3D000': 'P1003', '42P04': 'P1009', '28P01': 'P1000', 28000: 'P1010' };
    log('ERROR', {
      is_panic: false,
      error_code: codes[error.code] ?? 'P1001',
      message: error.message || String(error.errors?.[0] ?? error),
    });
    process.exit(1);
  }
}

/** Answers JSON-RPC until stdin ends. */
async function serve() {
  const send = (message, sent) =>
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`, sent);
  const methods = { getDatabaseVersion: 'version' };
  let engine;
  let pending;
  // A panic is thrown outside of the promise of the call. Unanswered, the CLI would end with 0.
  process.on('uncaughtException', (error) => {
    const message = globalThis.PRISMA_WASM_PANIC_REGISTRY.message || String(error.stack ?? error);
    send({ id: pending, error: rpcError({ message }) }, () => process.exit(101));
  });
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line);
    if (!method) continue; // the CLI's answer to our `print`
    pending = id;
    try {
      let result;
      if (method === 'createDatabase') result = await createDatabase(params.datasource.url ?? url);
      else {
        engine ??= await loadEngine();
        result = await engine[methods[method] ?? method](params);
      }
      if (method === 'diff' && result.stdout != null) {
        send({ id: 'print', method: 'print', params: { content: result.stdout } });
      }
      send({ id, result: result ?? {} });
    } catch (error) {
      send({ id, error: rpcError(error) });
    }
  }
  process.exit(0);
}

// Where the engine leaves the message of a Rust panic.
globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  message: '',
  set_message(message) {
    this.message = message;
  },
};

if (values.version) {
  const manifest = new URL('./package.json', import.meta.resolve('@prisma/schema-engine-wasm'));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  process.stdout.write(`schema-engine-wasm ${version}\n`);
} else if (positionals[0] === 'cli') {
  await runCommand(positionals[1]);
} else {
  await serve();
}
