import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatBytes, formatCount } from '../lib/format.ts';
import { Facts } from '../ui/Facts.tsx';
import { Section } from '../ui/Section.tsx';

const Limits_Query = graphql(`
  fragment Limits_Query on Query {
    limits {
      depth
      breadth
      complexity
      aliases
      directives
      tokens
      bodyBytes
      pageSize
      subscriptionsPerSocket
      socketsPerAddress
      requestsPerMinute
    }
  }
`);

const orNone = (limit: number | null | undefined) =>
  typeof limit === 'number' ? formatCount(limit) : 'no limit';

/** What one request may ask for; whatever is beyond is refused with a code and a remedy. */
export function Limits(props: { state: FragmentType<typeof Limits_Query> }) {
  const { limits } = read(Limits_Query, props.state);
  return (
    <Section title="Limits" testId="api-limits">
      <Facts
        of={[
          ['Levels of fields', formatCount(limits.depth)],
          ['Fields', formatCount(limits.breadth)],
          ['Complexity', formatCount(limits.complexity)],
          ['Aliases', formatCount(limits.aliases)],
          ['Directives', formatCount(limits.directives)],
          ['Words of a document', formatCount(limits.tokens)],
          ['Body', formatBytes(limits.bodyBytes)],
          ['Rows of a page', formatCount(limits.pageSize)],
          ['Subscriptions of a socket', formatCount(limits.subscriptionsPerSocket)],
          ['Sockets of an address', orNone(limits.socketsPerAddress)],
          ['Requests a minute', orNone(limits.requestsPerMinute)],
        ]}
      />
    </Section>
  );
}
