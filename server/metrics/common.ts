/** Numbers that every process tells: of itself, of what it writes, of its disk and its database. */
import { statfs } from 'node:fs/promises';
import type { Pool } from 'pg';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { VERSION } from '../health.ts';

/** Gauges with the suffix of a counter; each is the sum of the one without it. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** In seconds: a write takes milliseconds, and seconds when something is wrong. */
const WRITE_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** What is stored, by how it is called in `tunix_db_write_latency_seconds`. */
export type WriteOperation =
  | 'create_trace'
  | 'create_traces'
  | 'import_traces'
  | 'create_run'
  | 'finish_attempt'
  | 'append_log'
  | 'append_metrics';

export type CommonMetrics = ReturnType<typeof openCommonMetrics>;

/** Opens them; `enabled: false` spares the process what watches its event loop and its memory. */
export function openCommonMetrics(sql: Pool, dataDir: string, enabled: boolean) {
  const registry = new Registry();
  const registers = [registry];
  if (enabled) collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  new Gauge({
    name: 'tunix_build_info',
    help: 'Version of Tunix RT; always 1.',
    labelNames: ['version'],
    registers,
  }).set({ version: VERSION }, 1);
  new Gauge({
    name: 'tunix_db_pool_connections',
    help: 'Connections of this process to the database by state.',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'busy' }, sql.totalCount - sql.idleCount);
      this.set({ state: 'idle' }, sql.idleCount);
    },
  });
  new Gauge({
    name: 'tunix_db_pool_waiting',
    help: 'Statements of this process that wait for a connection.',
    registers,
    collect() {
      this.set(sql.waitingCount);
    },
  });
  new Gauge({
    name: 'tunix_disk_free_bytes',
    help: 'Free on the disk of DATA_DIR for this process.',
    registers,
    async collect() {
      this.set((await readDisk(dataDir)).free);
    },
  });
  new Gauge({
    name: 'tunix_disk_size_bytes',
    help: 'Size of the disk of DATA_DIR.',
    registers,
    async collect() {
      this.set((await readDisk(dataDir)).size);
    },
  });
  const writes = new Histogram({
    name: 'tunix_db_write_latency_seconds',
    help: 'Seconds a write took to be stored, by what was written.',
    labelNames: ['operation'],
    buckets: WRITE_BUCKETS,
    registers,
  });
  const failedWrites = new Counter({
    name: 'tunix_db_write_failures_total',
    help: 'Writes that were not stored, by what was written: refused ones, and those of an outage.',
    labelNames: ['operation'],
    registers,
  });
  return {
    registry,
    /** Measures a write until it is stored. One that fails is counted and not measured. */
    async timeWrite<T>(operation: WriteOperation, write: () => Promise<T>): Promise<T> {
      const end = writes.startTimer({ operation });
      try {
        const result = await write();
        end();
        return result;
      } catch (error) {
        failedWrites.inc({ operation });
        throw error;
      }
    },
  };
}

/** Not a number where the disk does not answer: nothing is better than a wrong zero. */
async function readDisk(dir: string): Promise<{ free: number; size: number }> {
  const disk = await statfs(dir).catch(() => null);
  if (!disk) return { free: Number.NaN, size: Number.NaN };
  return { free: disk.bavail * disk.bsize, size: disk.blocks * disk.bsize };
}
