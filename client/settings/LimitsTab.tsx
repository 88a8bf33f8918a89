import { SimpleGrid, Stack, Text } from '@mantine/core';
import { Limits } from '../api/Limits.tsx';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { formatCount, formatDate } from '../lib/format.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { LoadingRows } from '../ui/Loading.tsx';
import { Meter } from '../ui/Meter.tsx';
import { Section } from '../ui/Section.tsx';

const LimitsTab_Query = graphql(`
  query LimitsTab_Query {
    ...Limits_Query
    rateLimit {
      limit
      remaining
      resetAt
    }
  }
`);

/** What one request may ask for, and how many of them are left in this minute. */
export function LimitsTab() {
  const { data, error, refetch } = usePartQuery({ query: LimitsTab_Query });
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  if (!data) return <LoadingRows />;
  const { limit, remaining, resetAt } = data.rateLimit;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
      <Limits state={data} source={LimitsTab_Query} />
      <Section source={LimitsTab_Query} title="This minute" testId="rate-limit">
        {limit === null || remaining === null ? (
          <Text size="sm">You may ask as often as you like.</Text>
        ) : (
          <Stack gap="xs">
            <Text size="sm">
              <b>{formatCount(remaining)}</b> of {formatCount(limit)} requests are left
              {resetAt && `, until ${formatDate(resetAt)}`}.
            </Text>
            <Meter percent={((limit - remaining) / limit) * 100} label="Requests of this minute" />
          </Stack>
        )}
      </Section>
    </SimpleGrid>
  );
}
