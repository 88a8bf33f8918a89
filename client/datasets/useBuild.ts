import { useEffect, useRef, useState } from 'react';
import { useClient, useMutation } from 'urql';
import type { BuildDatasetInput, UseBuild_ProgressSubscription } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { type Problem, readProblem } from '../lib/problem.ts';
import { tellFailure } from '../lib/tell.ts';

const UseBuild_Build = graphql(`
  mutation UseBuild_Build($input: BuildDatasetInput!) {
    buildDataset(input: $input) {
      __typename
      ... on BuildDatasetPayload {
        dataset {
          id
          key
        }
      }
      ...Problem_Error
    }
  }
`);

const UseBuild_Progress = graphql(`
  subscription UseBuild_Progress($key: String!) {
    datasetBuildProgress(key: $key) {
      key
      phase
      done
      total
    }
  }
`);

export type Progress = UseBuild_ProgressSubscription['datasetBuildProgress'];

/** Builds a dataset and tells meanwhile how far it is; `progress` is there only while it builds. */
export function useBuild() {
  const client = useClient();
  const [{ fetching }, mutate] = useMutation(UseBuild_Build);
  const [progress, setProgress] = useState<Progress>();
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);

  async function build(
    input: BuildDatasetInput,
  ): Promise<{ key: string } | { problem: Problem | undefined }> {
    // First, so that it misses nothing: the build is over when the mutation answers.
    const { unsubscribe } = client
      .subscription(UseBuild_Progress, { key: `${input.name}-${input.version}` })
      .subscribe(({ data }) => setProgress(data?.datasetBuildProgress));
    stop.current = unsubscribe;
    const { data, error } = await mutate({ input });
    unsubscribe();
    setProgress(undefined);
    if (error) tellFailure(error);
    const answer = data?.buildDataset;
    if (answer?.__typename === 'BuildDatasetPayload') return { key: answer.dataset.key };
    return { problem: answer && readProblem(answer) };
  }

  return { build, progress: fetching ? progress : undefined, isBuilding: fetching };
}
