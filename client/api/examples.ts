/** What the loop is made of by the API, one example for each step, in three languages. */
import { type Asked, asCurl, asPython, curlKey, type Place } from '../lib/equivalents.ts';

export type Example = {
  id: string;
  name: string;
  asked: Asked;
  /** Where files or a script of the public client say it better than the operation itself. */
  python?: (place: Place) => string;
  curl?: (place: Place) => string;
};

const CLIENT =
  '# pip install ./python, or see notebooks/quickstart.ipynb\nfrom tunix_rt_client import connect\n';

const connected = ({ origin, authRequired }: Place) =>
  `${CLIENT}\nrt = connect(${JSON.stringify(origin)})${authRequired ? '  # reads TUNIX_RT_KEY' : ''}\n`;

const ERROR = '... on Error { code message }';

const IMPORT: Example = {
  id: 'import',
  name: 'Import traces',
  asked: {
    text: `mutation ImportTraces($input: CreateTracesInput!) {
  createTraces(input: $input) {
    __typename
    ... on CreateTracesPayload { stored duplicates rejected }
    ${ERROR}
  }
}`,
    variables: {
      input: {
        source: 'mine',
        traces: [
          {
            trace_version: '1.0',
            prompt: 'What is 2 + 3?',
            steps: [{ i: 0, type: 'add', content: '2 + 3 = 5' }],
            final_answer: '5',
          },
        ],
      },
    },
  },
  python: (place) => `${connected(place)}print(rt.import_traces("traces.jsonl", source="mine"))\n`,
  curl: (place) =>
    `curl --data-binary @traces.jsonl -H 'content-type: application/x-ndjson'${curlKey(place)} \\\n` +
    `  '${place.origin}/import/traces?name=traces.jsonl&source=mine'`,
};

const BUILD: Example = {
  id: 'build',
  name: 'Build a dataset',
  asked: {
    text: `mutation BuildDataset($input: BuildDatasetInput!) {
  buildDataset(input: $input) {
    __typename
    ... on BuildDatasetPayload { dataset { key trainCount evalCount testCount contentHash } }
    ${ERROR}
  }
}`,
    variables: { input: { name: 'mine', version: '1', limit: 1000 } },
  },
};

const START: Example = {
  id: 'start',
  name: 'Start a run',
  asked: {
    text: `mutation StartRun($input: CreateRunInput!) {
  createRun(input: $input) {
    __typename
    ... on CreateRunPayload { run { id number status } }
    ${ERROR}
  }
}`,
    variables: {
      input: {
        datasetKey: 'mine-1',
        modelId: 'qwen3-tiny',
        mode: 'LOCAL',
        hyperparameters: { maxSteps: 120, batchSize: 8, learningRate: 0.003, maxSeqLength: 128 },
      },
    },
  },
};

const FOLLOW: Example = {
  id: 'follow',
  name: 'Follow its log',
  asked: {
    text: `# The id of a run, not its number: query { run(number: 1) { id } }
subscription FollowLog($runId: ID!, $after: BigInt) {
  runLogs(runId: $runId, after: $after) {
    __typename
    ... on LogBatch { lastSeq stream text }
    ... on LogGap { seq lostBytes }
    ... on StreamCompleted { status exitCode lastSeq }
  }
}`,
    variables: { runId: '', after: '0' },
  },
};

const EVALUATE: Example = {
  id: 'evaluate',
  name: 'Evaluate it',
  asked: {
    text: `mutation EvaluateRun($input: EvaluateRunInput!) {
  evaluateRun(input: $input) {
    __typename
    ... on EvaluateRunPayload { evaluation { id status score } }
    ${ERROR}
  }
}`,
    variables: { input: { runId: '', judge: 'answer_correctness' } },
  },
};

const BASELINE: Example = {
  id: 'baseline',
  name: 'Set a baseline',
  asked: {
    text: `mutation SetBaseline($input: SetBaselineInput!) {
  setBaseline(input: $input) {
    __typename
    ... on SetBaselinePayload { baseline { name revision value } }
    ${ERROR}
  }
}`,
    variables: { input: { name: 'main', evaluationId: '' } },
  },
};

const GATE: Example = {
  id: 'gate',
  name: 'Run the gate',
  asked: {
    text: `mutation Gate($input: CheckRegressionInput!) {
  checkRegression(input: $input) {
    __typename
    ... on CheckRegressionPayload { check { verdict outcome delta pValue reasons } }
    ${ERROR}
  }
}`,
    variables: { input: { baseline: 'main', runId: '' } },
  },
};

const NOTEBOOK: Example = {
  id: 'notebook',
  name: 'Follow from the notebook',
  asked: {
    text: `subscription FollowRuns {
  runsChanged { run { number status progress { step totalSteps percent etaSeconds } } }
}`,
  },
  python: (place) =>
    `${connected(place)}# notebooks/quickstart.ipynb does all of this, see docs/notebooks.md; the heart of it:\n` +
    'run = rt.run(1)\nfor event in rt.follow(run):\n    print(event)\n',
};

export const EXAMPLES: readonly Example[] = [
  IMPORT,
  BUILD,
  START,
  FOLLOW,
  EVALUATE,
  BASELINE,
  GATE,
  NOTEBOOK,
];

export const LANGUAGES = ['GraphQL', 'Python', 'curl'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The example in one of the languages. */
export function exampleIn(language: Language, example: Example, place: Place): string {
  const { asked, python, curl } = example;
  if (language === 'Python') return python?.(place) ?? asPython(asked, place);
  if (language === 'curl') return curl?.(place) ?? asCurl(asked, place);
  const variables = asked.variables
    ? `\n\n# Variables\n${JSON.stringify(asked.variables, null, 2).replace(/^/gm, '# ')}`
    : '';
  return asked.text + variables;
}
