import { Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { Link } from '../lib/Link.tsx';
import { paths } from '../paths.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import css from './ComparePicker.module.css';

const ComparePicker_Query = graphql(`
  query ComparePicker_Query($filter: TraceFilter) {
    traces(filter: $filter, first: 20) {
      edges {
        node {
          id
          promptPreview
          answerPreview
          source
          stepCount
        }
      }
    }
  }
`);

/** The words of a prompt that another trace of it would have too. */
const wordsOf = (prompt: string) =>
  prompt
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .split(' ')
    .slice(0, 8)
    .join(' ');

/** Finds the other trace; begins with those that ask the same. */
export function ComparePicker(props: { id: string; prompt: string; onClose: () => void }) {
  const [typed, setTyped] = useState(() => wordsOf(props.prompt));
  const [text] = useDebouncedValue(typed.trim(), 250);
  const [{ data, error, fetching }, execute] = useQuery({
    query: ComparePicker_Query,
    variables: { filter: text ? { text } : {} },
  });
  const found = data?.traces.edges.filter(({ node }) => node.id !== props.id) ?? [];
  return (
    <Dialog onClose={props.onClose} title="Compare with…" size="lg">
      <Stack gap="sm">
        <TextInput
          aria-label="Search the other trace"
          placeholder="Search prompts, steps and answers"
          leftSection={<Icon name="search" size={14} />}
          value={typed}
          data-autofocus
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {error && !data && (
          <ErrorNotice error={error} onRetry={() => execute({ requestPolicy: 'network-only' })} />
        )}
        {fetching && !data && <LoadingRows rows={4} />}
        {data && found.length === 0 && (
          <Text size="sm" c="dimmed">
            No other trace matches. Try fewer words.
          </Text>
        )}
        <ul className={css.found} data-testid="compare-candidates">
          {found.map(({ node }) => (
            <li key={node.id}>
              <Link className={css.candidate} to={paths.compareTraces(props.id, node.id)}>
                <span className={css.prompt}>{node.promptPreview}</span>
                <span className={css.facts}>
                  → {node.answerPreview} · {node.stepCount} steps
                  {node.source && ` · ${node.source}`}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </Stack>
    </Dialog>
  );
}
