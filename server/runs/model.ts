import { z } from 'zod';
import { text } from '../lib/text.ts';
import { Advanced } from './advanced.ts';
import { Labels } from './labels.ts';

const orDefault = <T extends z.ZodType>(schema: T, value: z.output<T>) =>
  schema.nullish().transform((given): z.output<T> => given ?? value);

const Lora = z.strictObject({
  rank: z.int().min(1).max(512),
  alpha: z.number().positive().max(4096),
  /** Regular expression over module names; the default adapts attention and MLP. */
  modulePath: text(1, 512).nullish(),
});

/** How the devices of a runner are divided; the product is how many a run uses. */
const Mesh = z.strictObject({
  /** Parts of the batch and of the weights. */
  fsdp: z.int().min(1).max(1024),
  /** Parts of the heads and of the MLP. */
  tp: z.int().min(1).max(1024),
});

/** Limits and defaults of the predecessor where it had them. */
const Hyperparameters = z.strictObject({
  /** 2e-5 without, unless `advanced` has a schedule. */
  learningRate: z.number().positive().max(1).nullish(),
  weightDecay: orDefault(z.number().min(0).max(1), 0.01),
  numEpochs: orDefault(z.int().min(1).max(100), 3),
  maxSteps: z.int().min(1).max(10_000_000).nullish(),
  batchSize: orDefault(z.int().min(1).max(512), 8),
  maxSeqLength: orDefault(z.int().min(128).max(32_768), 2048),
  seed: orDefault(z.int().min(0).max(2_147_483_647), 42),
  lora: Lora.nullish(),
  mesh: Mesh.nullish(),
  evalEverySteps: z.int().min(1).max(10_000_000).nullish(),
  saveEverySteps: z.int().min(1).max(10_000_000).nullish(),
  maxNewTokens: orDefault(z.int().min(1).max(8192), 256),
});

/** Higher goes first. */
export const Priority = z.int().min(-100).max(100);

export const CreateRun = z.strictObject({
  name: text(1, 128).nullish(),
  datasetKey: text(1, 200),
  /** What is predicted and judged at the end, instead of the TEST side of the dataset. */
  evaluationSetKey: text(1, 200).nullish(),
  modelId: text(1, 256),
  mode: orDefault(
    z.enum(
      ['DRY_RUN', 'LOCAL'],
      'use LOCAL or DRY_RUN; EXTERNAL runs are made by importPredictions',
    ),
    'DRY_RUN',
  ),
  /** After each so many updates the EVAL side is predicted and judged; never without. */
  evaluateEverySteps: z.int().min(1).max(10_000_000).nullish(),
  /** How many items of the EVAL side then, the first ones. */
  evaluateItems: z.int().min(1).max(500).nullish(),
  hyperparameters: orDefault(Hyperparameters, Hyperparameters.parse({})),
  /** Keys of the Tunix config that have no field of their own. */
  advanced: Advanced.nullish(),
  /** 30 days at most; a training has no built-in limit of its own. */
  timeoutSeconds: orDefault(z.int().min(1).max(2_592_000), 86_400),
  priority: orDefault(Priority, 0),
  maxAttempts: orDefault(z.int().min(1).max(100), 3),
  /** What a runner must offer to take it. */
  requiredLabels: orDefault(Labels, []),
  /** Whether an attempt that failed by itself is tried again, too. */
  retryOnFailure: orDefault(z.boolean(), false),
  idempotencyKey: text(1, 128).nullish(),
  acknowledgedWarnings: orDefault(z.array(z.string().max(64)).max(64), []),
});

export type CreateRunInput = z.input<typeof CreateRun>;

/** What is stored on a run and executed: every default filled in, every number resolved. */
export type RunConfig = {
  modelId: string;
  mode: 'DRY_RUN' | 'LOCAL';
  /** Left out when not asked for, so that such runs keep the digest they always had. */
  evaluateEverySteps?: number;
  /** There with `evaluateEverySteps`; fewer when the EVAL side has fewer. */
  evaluateItems?: number;
  /** Left out when nothing is set. */
  advanced?: Advanced;
  hyperparameters: {
    /** Null when a schedule of `advanced` decides it. */
    learningRate: number | null;
    weightDecay: number;
    numEpochs: number;
    batchSize: number;
    maxSeqLength: number;
    seed: number;
    lora: { rank: number; alpha: number; modulePath: string } | null;
    /** Left out for one device. */
    mesh?: { fsdp: number; tp: number };
    evalEverySteps: number;
    saveEverySteps: number;
    maxNewTokens: number;
    /** As asked for; a clone asks for the same. */
    maxSteps: number | null;
    /** Updates the run makes: what the data gives, or `maxSteps` if that is less. */
    totalSteps: number;
  };
};

export type Mesh = z.output<typeof Mesh>;

export type RunWarning = { code: string; message: string };
