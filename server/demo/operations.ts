/** The operations of the demo, with the shapes of their answers. A test checks them on the schema. */

type Problem = { message: string };

export const DATASET = `query DemoDataset($key: String!) {
  dataset(key: $key) { trainCount evalCount testCount }
}`;
export type DatasetResult = {
  dataset: { trainCount: number; evalCount: number; testCount: number } | null;
};

export const BUILD = `mutation DemoBuild($input: BuildDatasetInput!) {
  buildDataset(input: $input) {
    ... on BuildDatasetPayload { dataset { key } }
    ... on Error { message }
  }
}`;
export type BuildResult = { buildDataset: { dataset: { key: string } } | Problem };

export const CREATE_RUN = `mutation DemoRun($input: CreateRunInput!) {
  createRun(input: $input) {
    ... on CreateRunPayload { run { id number status } }
    ... on Error { message }
  }
}`;
export type CreateRunResult = {
  createRun: { run: { id: string; number: number; status: string } } | Problem;
};

export const FOLLOW = `subscription DemoFollow($id: ID!) {
  runEvents(runId: $id, metricsAfter: "0") {
    __typename
    ... on RunEventNotice { event { kind } }
    ... on MetricUpdate {
      series { name points { step value } }
      run { progress { totalSteps } }
    }
  }
}`;
export type RunMessage = {
  runEvents:
    | { __typename: 'RunEventNotice'; event: { kind: string } }
    | {
        __typename: 'MetricUpdate';
        series: { name: string; points: { step: number; value: number | null }[] }[];
        run: { progress: { totalSteps: number } | null };
      }
    | { __typename: 'StreamPhase' | 'StreamCompleted' };
};

export type Evaluation = {
  id: string;
  status: string;
  error: string | null;
  score: number;
  itemCount: number;
  correctCount: number;
};

export const RUN = `query DemoRunState($id: ID!) {
  run(id: $id) {
    number status error logTail
    evaluations { id status error score itemCount correctCount }
  }
}`;
export type RunResult = {
  run: {
    number: number;
    status: string;
    error: string | null;
    logTail: string | null;
    evaluations: Evaluation[];
  };
};

export const FAILURE = `query DemoFailure($id: ID!) { run(id: $id) { status failure { code } } }`;
export type FailureResult = { run: { status: string; failure: { code: string } | null } };

export const LEADERBOARD = `query DemoLeaderboard($key: String!) {
  leaderboard(filter: { datasetKey: $key }) {
    edges { node { rank value interval { low high } run { number } } }
  }
}`;
export type LeaderboardResult = {
  leaderboard: {
    edges: {
      node: {
        rank: number;
        value: number;
        interval: { low: number; high: number } | null;
        run: { number: number };
      };
    }[];
  };
};

export const BASELINE = `query DemoBaseline($name: String!) {
  baseline(name: $name) { evaluation { id } checks { verdict reasons evaluation { id } } }
}`;
export type Check = { verdict: string; reasons: string[] };
export type BaselineResult = {
  baseline: {
    evaluation: { id: string };
    checks: (Check & { evaluation: { id: string } })[];
  } | null;
};

export const SET_BASELINE = `mutation DemoSetBaseline($input: SetBaselineInput!) {
  setBaseline(input: $input) {
    ... on SetBaselinePayload { baseline { name } }
    ... on Error { message }
  }
}`;
export type SetBaselineResult = { setBaseline: { baseline: { name: string } } | Problem };

export const CHECK = `mutation DemoCheck($input: CheckRegressionInput!) {
  checkRegression(input: $input) {
    ... on CheckRegressionPayload { check { verdict reasons } }
    ... on Error { message }
  }
}`;
export type CheckResult = {
  checkRegression: { check: Check } | Problem;
};

export const CANCEL = `mutation DemoCancel($input: CancelRunInput!) {
  cancelRun(input: $input) {
    ... on CancelRunPayload { run { id } }
    ... on Error { message }
  }
}`;
export type CancelResult = { cancelRun: { run: { id: string } } | Problem };
