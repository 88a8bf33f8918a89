/**
 * Every setting: how it is read from the environment, and what it is for. `config.ts` puts them
 * together; `docs/settings.md` is printed from here by `npm run docs`.
 */
import { hostname } from 'node:os';
import { z } from 'zod';
import { artifactSettings } from './artifacts/settings.ts';
import { JudgeEndpoints } from './evaluations/judges/llm/endpoint.ts';
import { Label } from './runs/labels.ts';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Of a role of the database. PostgreSQL would normalise the rest of Unicode first. */
const RolePassword = z
  .string()
  .regex(/^[\x21-\x7e]{16,128}$/, 'takes 16 to 128 letters, digits and signs of ASCII');

/** By subject, in the order of the guide. */
export const SETTINGS = {
  server: {
    HOST: z
      .string()
      .default('127.0.0.1')
      .describe('address to listen on; anything but loopback needs `AUTH=on`'),
    PORT: z.coerce
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(4000)
      .describe('port to listen on; 0 takes a free one'),
    ALLOWED_HOSTS: list
      .default([])
      .describe('further host names, with commas, under which the server may be addressed'),
    PUBLIC_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        'where people reach the server; links that are printed begin with it, and with `https` cookies are sent over TLS alone',
      ),
    DATABASE_URL: z
      .url({ protocol: /^postgres(ql)?$/ })
      .optional()
      .describe('`postgresql://…` of a server to use instead of the one that is brought along'),
    DATABASE_API_PASSWORD: RolePassword.optional().describe(
      'password that `npm run migrate -- --roles` gives the role of the API',
    ),
    DATABASE_RUNNER_PASSWORD: RolePassword.optional().describe('the same for the role of runners'),
    DATABASE_READONLY_PASSWORD: RolePassword.optional().describe(
      'the same for the role that may only look',
    ),
    DATA_DIR: z.string().min(1).default('.data').describe('database, runs, artifacts'),
    CACHE_DIR: z
      .string()
      .min(1)
      .optional()
      .describe(
        'what can be made again: Python environment, hub models, compiled code; `~/.cache/tunix-rt` when not set (`XDG_CACHE_HOME` is obeyed)',
      ),
  },
  access: {
    AUTH: z
      .enum(['off', 'on'])
      .default('off')
      .describe(
        '`on`: people sign in and programs send a key; `off`: whoever reaches the port may do everything',
      ),
    SESSION_DAYS: z.coerce
      .number()
      .int()
      .min(1)
      .max(365)
      .default(14)
      .describe('how long a browser stays signed in after it was last used'),
    PERSISTED_ONLY: flag
      .default(false)
      .describe('`true` answers only the operations of the page, except to keys'),
    RATE_LIMIT_PER_MINUTE: z.coerce
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .default(6_000)
      .describe(
        'requests of one user, key or address in a minute where `AUTH=on`; 0 is without limit',
      ),
  },
  runners: {
    RUNNER_NAME: z
      .string()
      .min(1)
      .max(128)
      .default(hostname())
      .describe('name of the runner; the name of the host when not set'),
    RUNNER_LABELS: list
      .pipe(z.array(Label))
      .default(['cpu'])
      .describe(
        'what the runner offers to runs that require it, with commas; `gpu` is added once the Python environment has found one',
      ),
    RUNNER_SLOTS: z.coerce
      .number()
      .int()
      .min(1)
      .max(64)
      .default(1)
      .describe('how many runs it executes side by side'),
    RUNNER_TOKEN: z
      .string()
      .min(1)
      .optional()
      .describe('key with the scope RUNNER; a runner needs one where `AUTH=on`'),
    LEASE_SECONDS: z.coerce
      .number()
      .min(1)
      .max(300)
      .default(15)
      .describe('how long a runner may be silent before its run goes to another'),
    STOP_GRACE_SECONDS: z.coerce
      .number()
      .min(1)
      .max(3600)
      .default(60)
      .describe('time for a last checkpoint before a training is killed'),
  },
  tunix: {
    MODELS_DIR: z
      .string()
      .min(1)
      .optional()
      .describe('folders of Hugging Face models; `DATA_DIR/models` when not set'),
    PYTHON: z.string().min(1).default('python3').describe('interpreter that makes the environment'),
    TUNIX_PYTHON: z
      .string()
      .min(1)
      .optional()
      .describe('interpreter of a ready environment; nothing is installed then'),
    TUNIX_ACCELERATOR: z
      .enum(['auto', 'cpu', 'cuda'])
      .default('auto')
      .describe('`auto` takes CUDA where `/dev/nvidia0` is'),
    HF_TOKEN: z
      .string()
      .min(1)
      .optional()
      .describe('token for the Hugging Face hub; only the download of a model gets it'),
  },
  data: {
    TRACE_MAX_BYTES: z.coerce
      .number()
      .int()
      .min(1024)
      .max(10_485_760)
      .default(1_048_576)
      .describe('longest trace, in bytes'),
    DATASET_MAX_ITEMS: z.coerce
      .number()
      .int()
      .min(1)
      .max(10_000_000)
      .default(10_000)
      .describe('highest `limit` of a dataset'),
    EVALUATE_ON_COMPLETION: flag
      .default(true)
      .describe('judge every completed LOCAL run on its TEST split or its evaluation set'),
    JUDGE_ENDPOINTS: JudgeEndpoints.default([]).describe(
      'language models that may judge, as JSON; see [judges](judges.md)',
    ),
    REDIAI_MODE: z
      .enum(['mock', 'real'])
      .default('mock')
      .describe('`mock` says that it is healthy; `real` asks'),
    REDIAI_BASE_URL: z
      .url({ protocol: /^https?$/ })
      .default('http://localhost:8080')
      .describe('the RediAI to ask'),
    REDIAI_HEALTH_PATH: z
      .string()
      .startsWith('/')
      .default('/health')
      .describe('its path that tells its health'),
    REDIAI_HEALTH_CACHE_TTL_SECONDS: z.coerce
      .number()
      .int()
      .min(0)
      .max(300)
      .default(30)
      .describe('how long its answer holds; 0 asks each time'),
  },
  artifacts: artifactSettings,
  logs: {
    LOG_RETENTION_DAYS: z.coerce
      .number()
      .int()
      .min(0)
      .max(36_500)
      .default(0)
      .describe('days after which the log of a run that ended is deleted; 0 keeps all'),
    LOG_SPOOL_BYTES: z.coerce
      .number()
      .int()
      .min(0)
      .default(536_870_912)
      .describe('how much of a log may wait on disk while the database is away'),
    EVENT_RETENTION_DAYS: z.coerce
      .number()
      .int()
      .min(0)
      .max(36_500)
      .default(0)
      .describe(
        'days after which events and metric points of a run that ended are deleted; 0 keeps all',
      ),
    REDACT: list
      .default([])
      .describe(
        'further values that logs must not hold, with commas between them, each of 6 characters or more',
      ),
  },
  observation: {
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info')
      .describe('what is worth a line'),
    LOG_FORMAT: z.enum(['pretty', 'json']).default('pretty').describe('for people or for machines'),
    METRICS: flag.default(true).describe('`false` serves no `/metrics`'),
    METRICS_HOST: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('address where a runner tells its health and its metrics'),
    METRICS_PORT: z.coerce
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(0)
      .describe('its port; 0 takes a free one, which the log tells'),
    OTEL_EXPORTER_OTLP_ENDPOINT: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('where spans go as OTLP over HTTP; without, no tracing is loaded'),
  },
};

export const Settings = z.object({
  ...SETTINGS.server,
  ...SETTINGS.access,
  ...SETTINGS.runners,
  ...SETTINGS.tunix,
  ...SETTINGS.data,
  ...SETTINGS.artifacts,
  ...SETTINGS.logs,
  ...SETTINGS.observation,
});
