/** A real PostgreSQL that can crash and come back, and lines to it that can each be cut. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../server/postgres/migrate.ts';
import { openPostgres } from '../../server/postgres/start.ts';
import { openProxy, type ProxyServer } from '../proxy.ts';

export type CrashablePostgres = AsyncDisposable & {
  /** The address of the server itself; another one after each start. */
  readonly url: string;
  /** A proxy to it, which follows it to its next address. */
  line(): Promise<ProxyServer>;
  /** Ends it as `pg_ctl stop -m immediate` does: no session is told, what was not flushed is lost. */
  crash(): Promise<void>;
  /** Starts it again on what is on the disk, whether it runs or has ended. */
  start(): Promise<void>;
};

/**
 * Starts a server with fsync and all migrations applied.
 * @param parent where its folder is made.
 */
export async function openCrashable(parent = tmpdir()): Promise<CrashablePostgres> {
  const root = await mkdtemp(join(parent, 'tunix-rt-faults-postgres-'));
  const dir = join(root, 'server');
  const open = () => openPostgres({ dir, log: () => {} });
  const lines = new Set<ProxyServer>();
  let server = await open();
  try {
    await migrate(server.url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    get url() {
      return server.url;
    },
    async line() {
      const proxy = await openProxy(server.url);
      lines.add(proxy);
      return proxy;
    },
    async crash() {
      const [pid] = (await readFile(join(dir, 'cluster/postmaster.pid'), 'utf8')).split('\n');
      process.kill(Number(pid), 'SIGQUIT');
      await server.stop();
    },
    async start() {
      await server.stop();
      server = await open();
      for (const proxy of lines) proxy.retarget(server.url);
    },
    async [Symbol.asyncDispose]() {
      for (const proxy of lines) await proxy[Symbol.asyncDispose]();
      await server.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}
