import { Anchor, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { nextVersion } from './nextVersion.ts';

const VersionHint_Query = graphql(`
  query VersionHint_Query($name: String!) {
    datasets(filter: { name: $name }, first: 1) {
      edges {
        node {
          id
          versions {
            id
            version
          }
        }
      }
    }
  }
`);

/** Which versions of a name there are, and the next one for a click when this one is taken. */
export function VersionHint(props: {
  name: string;
  version: string;
  onTake: (version: string) => void;
}) {
  const [name] = useDebouncedValue(props.name, 300);
  const [{ data }] = useQuery({
    query: VersionHint_Query,
    variables: { name },
    pause: name === '',
    requestPolicy: 'cache-and-network',
  });
  const versions = data?.datasets.edges[0]?.node.versions.map(({ version }) => version) ?? [];
  const [newest] = versions;
  if (newest === undefined || name !== props.name) return null;
  const next = nextVersion(newest, versions);
  return (
    <Text size="xs" c="dimmed" mt={4} data-testid="version-hint">
      There {versions.length === 1 ? 'is' : 'are'} {versions.slice(0, 3).join(', ')}
      {versions.length > 3 && ' and older'}.{' '}
      {versions.includes(props.version) && (
        <Anchor component="button" type="button" inherit onClick={() => props.onTake(next)}>
          Take {next}
        </Anchor>
      )}
    </Text>
  );
}
