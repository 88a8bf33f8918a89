import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { paths } from '../paths.ts';
import type { Command } from './commands.ts';

const Palette_Query = graphql(`
  query Palette_Query($text: String!) {
    runs(filter: { text: $text, archived: null }, first: 6) {
      edges {
        node {
          id
          number
          name
          status
          modelId
        }
      }
    }
    datasets(filter: { text: $text }, first: 5) {
      edges {
        node {
          id
          key
          itemCount
        }
      }
    }
    traces(filter: { text: $text }, first: 5) {
      edges {
        node {
          id
          promptPreview
          source
        }
      }
    }
    evaluationSets(first: 50) {
      edges {
        node {
          id
          key
        }
      }
    }
    baselines {
      id
      name
    }
  }
`);

const found = (
  id: string,
  label: string,
  to: string,
  icon: Command['icon'],
  description?: string,
) => ({ id, group: 'Found', label, to, icon, description }) satisfies Command;

/** Objects of the server that match, asked for once somebody pauses; two letters at least. */
export function useFound(text: string): { commands: Command[]; loading: boolean } {
  const [settled] = useDebouncedValue(text.trim(), 180);
  const query = settled.slice(0, 200);
  const pause = query.length < 2;
  const [{ data, fetching }] = useQuery({
    query: Palette_Query,
    variables: { text: query },
    pause,
    requestPolicy: 'network-only',
  });
  if (pause || !data) return { commands: [], loading: !pause && fetching };
  const has = (word: string) => word.toLowerCase().includes(query.toLowerCase());
  const commands: Command[] = [
    ...data.runs.edges.map(({ node: { id, number, name, status, modelId } }) =>
      found(
        ...([id, `#${number}${name ? ` ${name}` : ''}`, paths.run(number)] as const),
        'runs',
        `Run, ${status.toLowerCase()}, ${modelId}`,
      ),
    ),
    ...data.datasets.edges.map(({ node: { id, key, itemCount } }) =>
      found(id, key, paths.dataset(key), 'datasets', `Dataset, ${itemCount} items`),
    ),
    ...data.evaluationSets.edges
      .filter(({ node }) => has(node.key))
      .slice(0, 5)
      .map(({ node: { id, key } }) =>
        found(id, key, paths.evaluationSet(key), 'questions', 'Evaluation set'),
      ),
    ...data.baselines
      .filter(({ name }) => has(name))
      .slice(0, 5)
      .map(({ id, name }) => found(id, name, paths.baseline(name), 'baseline', 'Baseline')),
    ...data.traces.edges.map(({ node: { id, promptPreview, source } }) =>
      found(id, promptPreview, paths.trace(id), 'traces', source ? `Trace, ${source}` : 'Trace'),
    ),
  ];
  return { commands, loading: fetching };
}
