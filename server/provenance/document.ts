/**
 * Provenance: from an evaluation, run, dataset or trace back to where its traces came from, as one
 * document. Nothing in it is entered by hand; all of it is read from rows that never change once the
 * thing is finished, so that whoever asks again gets the same digest.
 */
import type { App } from '../app.ts';
import { contentHash } from '../lib/canonical.ts';
import { datasetSteps, traceSteps } from './dataSteps.ts';
import { evaluationSteps } from './evaluationSteps.ts';
import { runSteps, setStep } from './runSteps.ts';
import type { Step } from './step.ts';

type Needs = Pick<App, 'db' | 'sql'>;

export type ProvenanceKind = 'Evaluation' | 'Run' | 'Dataset' | 'Trace';

export type Provenance = {
  of: { kind: ProvenanceKind; id: string };
  /** sha256 of the canonical JSON of the document. */
  sha256: string;
  document: object;
  chain: Step[];
};

/** The provenance of one thing; null when there is no such thing. */
export async function readProvenance(
  app: Needs,
  kind: ProvenanceKind,
  id: string,
): Promise<Provenance | null> {
  const chain = await chainOf(app, kind, id);
  if (!chain) return null;
  const document = {
    format: 'tunix-rt/provenance/1',
    of: { kind, id },
    steps: chain.map(({ title: _, ...step }) => step),
  };
  return { of: { kind, id }, sha256: contentHash(document), document, chain };
}

function chainOf(app: Needs, kind: ProvenanceKind, id: string): Promise<Step[] | null> {
  switch (kind) {
    case 'Evaluation':
      return ofEvaluation(app, id);
    case 'Run':
      return ofRun(app, id);
    case 'Dataset':
      return datasetSteps(app, id);
    case 'Trace':
      return traceSteps(app, id);
  }
}

async function ofEvaluation(app: Needs, id: string): Promise<Step[] | null> {
  const judged = await evaluationSteps(app, id);
  if (!judged) return null;
  const { runId, evaluationSet } = await app.db.evaluation.findUniqueOrThrow({
    where: { id },
    select: { runId: true, evaluationSet: true },
  });
  const before = (await ofRun(app, runId)) ?? [];
  // The set of the run is part of the run's own chain.
  const isKnown = before.some((step) => step.id === evaluationSet?.id);
  return [...judged, ...before, ...(evaluationSet && !isKnown ? [setStep(evaluationSet)] : [])];
}

async function ofRun(app: Needs, id: string): Promise<Step[] | null> {
  const steps = await runSteps(app, id);
  if (!steps) return null;
  const { datasetId } = await app.db.run.findUniqueOrThrow({
    where: { id },
    select: { datasetId: true },
  });
  return [...steps, ...((datasetId && (await datasetSteps(app, datasetId))) || [])];
}
