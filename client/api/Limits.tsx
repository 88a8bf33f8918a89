import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatBytes, formatCount } from '../lib/format.ts';
import { Facts } from '../ui/Facts.tsx';
import { Section } from '../ui/Section.tsx';
import type { Source } from '../ui/source.ts';

const Limits_Query = graphql(`
  fragment Limits_Query on Query {
    limits {
      depth
      breadth
      complexity
      aliases
      directives
      tokens
      documentBytes
      bodyBytes
      strangerBodyBytes
      pageSize
      subscriptionsPerSocket
      socketsPerAddress
      requestsPerMinute
    }
  }
`);

const orNone = (limit: number | null | undefined) =>
  typeof limit === 'number' ? formatCount(limit) : 'no limit';

const bodyOf = (limits: { bodyBytes: number; strangerBodyBytes: number | null }) =>
  limits.strangerBodyBytes === null
    ? formatBytes(limits.bodyBytes)
    : `${formatBytes(limits.bodyBytes)}; ${formatBytes(limits.strangerBodyBytes)} before signing in`;

/** What one request may ask for; whatever is beyond is refused with a code and a remedy. */
export function Limits(props: { state: FragmentType<typeof Limits_Query>; source?: Source }) {
  const { limits } = read(Limits_Query, props.state);
  return (
    <Section {...(props.source && { source: props.source })} title="Limits" testId="limits">
      <Facts
        of={[
          ['Depth', `${formatCount(limits.depth)} levels of fields below each other`],
          ['Fields', formatCount(limits.breadth)],
          ['Complexity', `${formatCount(limits.complexity)} points; a list counts for each row`],
          ['Aliases', formatCount(limits.aliases)],
          ['Directives', formatCount(limits.directives)],
          ['Words and signs', formatCount(limits.tokens)],
          ['Document', formatBytes(limits.documentBytes)],
          ['Body', bodyOf(limits)],
          ['Rows on a page', formatCount(limits.pageSize)],
          ['Subscriptions', `${formatCount(limits.subscriptionsPerSocket)} on one connection`],
          ['Connections of an address', orNone(limits.socketsPerAddress)],
          ['Requests a minute', orNone(limits.requestsPerMinute)],
        ]}
      />
    </Section>
  );
}
