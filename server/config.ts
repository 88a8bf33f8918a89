import { resolve } from 'node:path';
import { z } from 'zod';
import { checkArtifacts, readArtifacts } from './artifacts/settings.ts';
import { Settings } from './settings.ts';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

// Without it, whoever reaches the port may do everything.
const Env = Settings.superRefine(checkArtifacts).refine(
  (e) => LOOPBACK.includes(e.HOST) || e.AUTH === 'on',
  {
    path: ['HOST'],
    message:
      'is not a loopback address, and nobody is asked who they are. Set AUTH=on, so that people ' +
      'sign in and programs send a key; or keep 127.0.0.1',
  },
);

export type Config = ReturnType<typeof readConfig>;

/** Settings are wrong; the message lists them all, a line for each. */
export class BadSettingsError extends Error {
  override readonly name = 'BadSettingsError';
}

/**
 * Reads every setting from the environment, the only place that does.
 * @throws BadSettingsError
 */
export function readConfig(env: Record<string, string | undefined> = process.env) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Env.safeParse(given);
  if (!parsed.success)
    throw new BadSettingsError(`Bad settings:\n${z.prettifyError(parsed.error)}`);
  const e = parsed.data;
  const dataDir = resolve(e.DATA_DIR);
  const userCache = env.XDG_CACHE_HOME ?? (env.HOME ? `${env.HOME}/.cache` : dataDir);
  return {
    http: {
      host: e.HOST,
      port: e.PORT,
      allowedHosts: [...e.ALLOWED_HOSTS, ...(e.PUBLIC_URL ? [new URL(e.PUBLIC_URL).hostname] : [])],
    },
    /** Where people reach the server, without a slash at the end; null where that is its own address. */
    publicUrl: e.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    access: {
      /** Whether people sign in and programs send a key; otherwise whoever comes may do everything. */
      required: e.AUTH === 'on',
      /** How long a browser stays signed in after it was last used. */
      sessionDays: e.SESSION_DAYS,
    },
    limits: {
      /** Whether only documents of the UI are answered, except to keys. */
      persistedOnly: e.PERSISTED_ONLY,
      /** Of each actor; 0 is without limit. */
      requestsPerMinute: e.RATE_LIMIT_PER_MINUTE,
    },
    database: {
      url: e.DATABASE_URL,
      /** What `npm run migrate -- --roles` gives the roles; one that is not given stays. */
      rolePasswords: {
        api: e.DATABASE_API_PASSWORD,
        runner: e.DATABASE_RUNNER_PASSWORD,
        readonly: e.DATABASE_READONLY_PASSWORD,
      },
    },
    dataDir,
    /** What can be made again and is shared by every checkout of a user: Python, hub models. */
    cacheDir: resolve(e.CACHE_DIR ?? `${userCache}/tunix-rt`),
    modelsDir: resolve(e.MODELS_DIR ?? `${dataDir}/models`),
    tunix: {
      /** Interpreter that creates the virtual environment. */
      python: e.PYTHON,
      /** Interpreter of a ready environment; skips provisioning. */
      readyPython: e.TUNIX_PYTHON,
      accelerator: e.TUNIX_ACCELERATOR,
      hfToken: e.HF_TOKEN,
      /** What the children may inherit, by name, from this process. */
      inherited: {
        PATH: env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
        HOME: env.HOME ?? dataDir,
        CUDA_VISIBLE_DEVICES: env.CUDA_VISIBLE_DEVICES,
        LD_LIBRARY_PATH: env.LD_LIBRARY_PATH,
        XLA_PYTHON_CLIENT_PREALLOCATE: env.XLA_PYTHON_CLIENT_PREALLOCATE,
        XLA_PYTHON_CLIENT_MEM_FRACTION: env.XLA_PYTHON_CLIENT_MEM_FRACTION,
      },
      /** What the children that bring packages and models may inherit besides; it may hold passwords. */
      network: {
        PIP_INDEX_URL: env.PIP_INDEX_URL,
        PIP_CERT: env.PIP_CERT,
        HF_ENDPOINT: env.HF_ENDPOINT,
        HTTPS_PROXY: env.HTTPS_PROXY,
        SSL_CERT_FILE: env.SSL_CERT_FILE,
      },
    },
    runner: {
      name: e.RUNNER_NAME,
      labels: [...new Set(e.RUNNER_LABELS)].toSorted(),
      /** How many runs it executes side by side. */
      slots: e.RUNNER_SLOTS,
      leaseSeconds: e.LEASE_SECONDS,
      stopGraceSeconds: e.STOP_GRACE_SECONDS,
      /** The key it shows where access is asked for. */
      token: e.RUNNER_TOKEN ?? null,
    },
    evaluateOnCompletion: e.EVALUATE_ON_COMPLETION,
    artifacts: readArtifacts(e, dataDir),
    /** Language models that judge; they hold keys, so nothing but name, kind, model and host is told. */
    judgeEndpoints: e.JUDGE_ENDPOINTS,
    traces: { maxBytes: e.TRACE_MAX_BYTES },
    datasets: { maxItems: e.DATASET_MAX_ITEMS },
    /** The logs of runs. */
    logs: {
      /** Days after the end of a run; 0 keeps them. */
      retentionDays: e.LOG_RETENTION_DAYS,
      /** How much may wait on disk while the database is away. */
      spoolBytes: e.LOG_SPOOL_BYTES,
      /** Further values that must not be stored. */
      redact: e.REDACT,
    },
    /** Days after the end of a run for which its events and metric points are kept; 0 keeps them. */
    events: { retentionDays: e.EVENT_RETENTION_DAYS },
    /** Where numbers about this process can be read. */
    metrics: {
      /** Whether they are told, on the port of the API and on one of its own for each runner. */
      enabled: e.METRICS,
      /** Where a runner tells its health, too; port 0 is any that is free, so that several share a host. */
      host: e.METRICS_HOST,
      port: e.METRICS_PORT,
    },
    /** Where spans go, as OTLP over HTTP; nothing is loaded without. */
    tracing: { endpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT ?? null },
    /** The RediAI whose health is told. */
    redi: {
      mode: e.REDIAI_MODE,
      healthUrl: e.REDIAI_BASE_URL.replace(/\/+$/, '') + e.REDIAI_HEALTH_PATH,
      /** How long an answer holds; 0 asks each time. */
      cacheSeconds: e.REDIAI_HEALTH_CACHE_TTL_SECONDS,
    },
    log: { level: e.LOG_LEVEL, format: e.LOG_FORMAT },
  };
}

/** What makes our processes quick and small unless set otherwise; the Dockerfile says the same. */
export const PROCESS_DEFAULTS = {
  /** Without it graphql-js looks at each value for a second copy of itself. */
  NODE_ENV: 'production',
  /** Pools of freed memory that glibc keeps: 30 MB less after an import. */
  MALLOC_ARENA_MAX: '2',
};

/**
 * The environment of our own processes: this one's, with the database they share. What they compile is
 * kept, which saves a third of the work of a start.
 */
export const childSettings = (
  url: string,
  cacheDir: string,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv => ({
  ...PROCESS_DEFAULTS,
  NODE_COMPILE_CACHE: resolve(cacheDir, 'node'),
  ...env,
  DATABASE_URL: url,
});

/** What the command line reads from the environment. */
export const cliSettings = (env: Record<string, string | undefined> = process.env) => ({
  url: env.TUNIX_RT_URL || 'http://127.0.0.1:4000',
  key: env.TUNIX_RT_KEY || null,
});
