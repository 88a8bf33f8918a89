import './scalars.ts';
import './errors.ts';
import './traces.ts';
import './createTraces.ts';
import './imports.ts';
import './datasets.ts';
import './runs.ts';
import './createRun.ts';
import './artifacts.ts';
import './predictions.ts';
import './logs.ts';
import './events.ts';
import './evaluations.ts';
import './baselines.ts';
import './runners.ts';
import './health.ts';
import { builder } from './builder.ts';

export const schema = builder.toSchema();
