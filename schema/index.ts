import './scalars.ts';
import './errors.ts';
import './traces.ts';
import './datasets.ts';
import './runs.ts';
import './streams.ts';
import './evaluations.ts';
import './baselines.ts';
import './runners.ts';
import './health.ts';
import { builder } from './builder.ts';

export const schema = builder.toSchema();
