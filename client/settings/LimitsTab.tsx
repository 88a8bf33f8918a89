import { SimpleGrid, Stack, Text } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { formatBytes, formatCount, formatDate } from '../lib/format.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { Facts } from '../ui/Facts.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Meter } from '../ui/Meter.tsx';
import { Section } from '../ui/Section.tsx';

const LimitsTab_Query = graphql(`
  query LimitsTab_Query {
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
    rateLimit {
      limit
      remaining
      resetAt
    }
  }
`);

/** What one request may ask for, and how many of them are left in this minute. */
export function LimitsTab() {
  const { data } = usePageQuery({ query: LimitsTab_Query });
  if (!data) return <LoadingRows />;
  const { limits, rateLimit } = data;
  const { limit, remaining, resetAt } = rateLimit;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
      <Section source={LimitsTab_Query} title="One operation" testId="limits">
        <Facts
          of={[
            ['Depth', `${formatCount(limits.depth)} levels of fields below each other`],
            ['Fields', formatCount(limits.breadth)],
            ['Complexity', `${formatCount(limits.complexity)} points; a list counts for each row`],
            ['Aliases', formatCount(limits.aliases)],
            ['Directives', formatCount(limits.directives)],
            ['Words and signs', formatCount(limits.tokens)],
            ['Body', formatBytes(limits.bodyBytes)],
            ['Rows on a page', formatCount(limits.pageSize)],
          ]}
        />
      </Section>
      <Stack gap="lg">
        <Section source={LimitsTab_Query} title="This minute" testId="rate-limit">
          {limit === null || remaining === null ? (
            <Text size="sm">
              You may ask as often as you like.
              {limits.requestsPerMinute === null && ' Nobody is counted on this server.'}
            </Text>
          ) : (
            <Stack gap="xs">
              <Text size="sm">
                <b>{formatCount(remaining)}</b> of {formatCount(limit)} requests are left
                {resetAt && `, until ${formatDate(resetAt)}`}.
              </Text>
              <Meter
                percent={((limit - remaining) / limit) * 100}
                label="Requests of this minute"
              />
            </Stack>
          )}
        </Section>
        <Section source={LimitsTab_Query} title="Live connections">
          <Facts
            of={[
              ['Subscriptions', `${formatCount(limits.subscriptionsPerSocket)} on one connection`],
              [
                'Connections',
                limits.socketsPerAddress === null
                  ? 'without limit'
                  : `${formatCount(limits.socketsPerAddress)} from one address`,
              ],
            ]}
          />
        </Section>
      </Stack>
    </SimpleGrid>
  );
}
