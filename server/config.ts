import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { artifactSettings, checkArtifacts, readArtifacts } from './artifacts/settings.ts';
import { JudgeEndpoint } from './evaluations/judges/llm/endpoint.ts';
import { Label } from './runs/labels.ts';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** A JSON array of endpoints. What is wrong is said without what stands there: it may hold keys. */
const judgeEndpoints = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('is no JSON. Give an array: [{"name": …, "kind": …, "url": …, "model": …}]');
      return z.NEVER;
    }
  })
  .pipe(
    z
      .array(JudgeEndpoint)
      .max(32)
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
        message: 'has two endpoints of one name',
      }),
  );

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

const Settings = z.object({
  HOST: z.string().default('127.0.0.1'),
  TRUSTED_NETWORK: flag.default(false),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  ALLOWED_HOSTS: list.default([]),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  MODELS_DIR: z.string().min(1).optional(),
  CACHE_DIR: z.string().min(1).optional(),
  PYTHON: z.string().min(1).default('python3'),
  TUNIX_PYTHON: z.string().min(1).optional(),
  TUNIX_ACCELERATOR: z.enum(['auto', 'cpu', 'cuda']).default('auto'),
  HF_TOKEN: z.string().min(1).optional(),
  RUNNER_NAME: z.string().min(1).max(128).default(hostname()),
  RUNNER_LABELS: list.pipe(z.array(Label)).default(['cpu']),
  RUNNER_SLOTS: z.coerce.number().int().min(1).max(64).default(1),
  LEASE_SECONDS: z.coerce.number().min(1).max(300).default(15),
  STOP_GRACE_SECONDS: z.coerce.number().min(1).max(3600).default(60),
  EVALUATE_ON_COMPLETION: flag.default(true),
  ...artifactSettings,
  JUDGE_ENDPOINTS: judgeEndpoints.default([]),
  TRACE_MAX_BYTES: z.coerce.number().int().min(1024).max(10_485_760).default(1_048_576),
  DATASET_MAX_ITEMS: z.coerce.number().int().min(1).max(10_000_000).default(10_000),
  LOG_RETENTION_DAYS: z.coerce.number().int().min(0).max(36_500).default(0),
  LOG_SPOOL_BYTES: z.coerce.number().int().min(0).default(536_870_912),
  REDACT: list.default([]),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['pretty', 'json']).default('pretty'),
});

// There are no accounts yet: whoever reaches the port may do everything.
const Env = Settings.superRefine(checkArtifacts).refine(
  (e) => LOOPBACK.includes(e.HOST) || e.TRUSTED_NETWORK,
  {
    path: ['HOST'],
    message:
      'is not a loopback address, and there is no authentication. Keep 127.0.0.1; set ' +
      'TRUSTED_NETWORK=true only where nobody else can reach the port, as inside a container whose ' +
      'port is published on 127.0.0.1',
  },
);

export type Config = ReturnType<typeof readConfig>;

/**
 * Reads every setting from the environment, the only place that does.
 * @throws Error that lists every bad setting at once.
 */
export function readConfig(env: Record<string, string | undefined> = process.env) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Env.safeParse(given);
  if (!parsed.success) throw new Error(`Bad settings:\n${z.prettifyError(parsed.error)}`);
  const e = parsed.data;
  const dataDir = resolve(e.DATA_DIR);
  const userCache = env.XDG_CACHE_HOME ?? (env.HOME ? `${env.HOME}/.cache` : dataDir);
  return {
    http: { host: e.HOST, port: e.PORT, allowedHosts: e.ALLOWED_HOSTS },
    database: { url: e.DATABASE_URL },
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
});
