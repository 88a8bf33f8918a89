import { Button, Group, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { graphql, read } from '../gql/index.ts';
import { formatCount } from '../lib/format.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { Code } from '../ui/Code.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';
import { RenderTokens } from './RenderTokens.tsx';
import { useUntilDone } from './useUntilDone.ts';

const RenderedTrace_Preview = graphql(`
  fragment RenderedTrace_Preview on RenderPreview {
    id
    status
    waitingFor
    tokenizerNote
    error
    text
    maxTokens
    tokenCount
    lossTokens
    truncated
    tokens {
      id
      text
      loss
      kept
    }
  }
`);

const RenderedTrace_Render = graphql(`
  mutation RenderedTrace_Render($input: RenderTraceInput!) {
    renderTrace(input: $input) {
      __typename
      ... on RenderTracePayload {
        preview {
          id
          ...RenderedTrace_Preview
        }
      }
      ...Problem_Error
    }
  }
`);

const RenderedTrace_Query = graphql(`
  query RenderedTrace_Query($id: ID!) {
    node(id: $id) {
      __typename
      id
      ...RenderedTrace_Preview
    }
  }
`);

const RenderedTrace_Changed = graphql(`
  subscription RenderedTrace_Changed($id: ID!) {
    renderPreviewChanged(id: $id) {
      id
      ...RenderedTrace_Preview
    }
  }
`);

/** Asks for one rendering when it appears, and follows it until the tokens are there. */
export function RenderedTrace(props: { traceId: string; modelId: string; maxTokens: number }) {
  const { traceId, modelId, maxTokens } = props;
  const [{ data, error }, render] = useMutation(RenderedTrace_Render);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    void render({ input: { traceId, modelId, maxTokens } });
  }, [render, traceId, modelId, maxTokens, attempt]);

  const answer = data?.renderTrace;
  const id = answer?.__typename === 'RenderTracePayload' ? answer.preview.id : undefined;
  // Through the cache: the subscription's events arrive there.
  const [{ data: held }] = useQuery({
    query: RenderedTrace_Query,
    variables: { id: id ?? '' },
    pause: id === undefined,
    requestPolicy: 'cache-first',
  });
  const node = held?.node?.__typename === 'RenderPreview' ? held.node : undefined;
  const preview = read(RenderedTrace_Preview, node);
  const isOver = preview?.status === 'COMPLETED' || preview?.status === 'FAILED';
  useUntilDone(RenderedTrace_Changed, id, isOver);

  const refusal =
    answer && answer.__typename !== 'RenderTracePayload'
      ? problemText(readProblem(answer))
      : error && (error.graphQLErrors[0]?.message ?? 'The server does not answer.');
  if (refusal) {
    return (
      <Notice tone="bad" title="This could not be rendered" testId="render-problem">
        {refusal}
        <Group mt="xs">
          <Button size="compact-sm" variant="default" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </Button>
        </Group>
      </Notice>
    );
  }
  if (!preview) {
    return (
      <Section>
        <LoadingRows />
      </Section>
    );
  }
  return (
    <Stack gap="md" data-testid="render-preview" data-status={preview.status}>
      <Section
        source={RenderedTrace_Query}
        title="Tokens"
        aside={
          preview.tokenCount !== null && preview.status === 'COMPLETED' ? (
            <span data-testid="token-count">
              {formatCount(preview.tokenCount)} tokens
              {preview.lossTokens !== null && `, ${formatCount(preview.lossTokens)} with loss`}
            </span>
          ) : (
            <StatusTag status={preview.status} />
          )
        }
      >
        {preview.tokens ? (
          <Stack gap="md">
            {preview.tokenizerNote && <Notice tone="info">{preview.tokenizerNote}</Notice>}
            <RenderTokens tokens={preview.tokens} maxTokens={preview.maxTokens} />
          </Stack>
        ) : preview.status === 'FAILED' ? (
          <Notice tone="bad" title="The tokens could not be made">
            {preview.error}
          </Notice>
        ) : (
          <Notice tone="info" testId="render-waiting">
            {preview.waitingFor ?? 'A runner is making the tokens.'}
          </Notice>
        )}
      </Section>
      <Section source={RenderedTrace_Query} title="Text">
        <Code label="rendered text" wrap>
          {preview.text}
        </Code>
      </Section>
    </Stack>
  );
}

function StatusTag(props: { status: string }) {
  if (props.status === 'FAILED') {
    return (
      <Tag tone="bad" icon="cross">
        Failed
      </Tag>
    );
  }
  return props.status === 'RUNNING' ? (
    <Tag tone="info" icon="spin" busy>
      Running
    </Tag>
  ) : (
    <Tag tone="idle" icon="clock">
      Waiting
    </Tag>
  );
}
