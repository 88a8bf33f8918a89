import { Button, SimpleGrid, Stack } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { formatDate, plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { May } from '../lib/May.tsx';
import { NotFound } from '../lib/NotFound.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { useParam } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { RunStatusBadge } from '../runs/RunStatusBadge.tsx';
import { Mono } from '../ui/Code.tsx';
import { Facts } from '../ui/Facts.tsx';
import { Icon } from '../ui/Icon.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import css from './EvaluationSetPage.module.css';
import { SetItems } from './SetItems.tsx';

const EvaluationSetPage_Query = graphql(`
  query EvaluationSetPage_Query($key: String!) {
    evaluationSet(key: $key) {
      id
      key
      contentHash
      itemCount
      createdAt
      ...SetItems_EvaluationSet
      runs(first: 20) {
        totalCount
        edges {
          node {
            id
            number
            name
            ...RunStatusBadge_Run
          }
        }
      }
    }
  }
`);

export function EvaluationSetPage() {
  const key = useParam('key');
  const { data, loading } = usePageQuery({ query: EvaluationSetPage_Query, variables: { key } });
  const set = data?.evaluationSet;
  if (!set || set.key !== key) {
    return loading ? (
      <LoadingPage />
    ) : (
      <NotFound what="evaluation set" back={paths.evaluationSets()} />
    );
  }
  const { edges, totalCount } = set.runs;
  return (
    <Page
      source={EvaluationSetPage_Query}
      title={set.key}
      heading={<Mono>{set.key}</Mono>}
      description={`${plural(set.itemCount, 'item')}, imported ${formatDate(set.createdAt)}`}
      actions={
        <May scope="RUNS_WRITE">
          <Button
            component={Link}
            to={paths.newRun({ set: set.key })}
            leftSection={<Icon name="runs" />}
          >
            Start a run on it
          </Button>
        </May>
      }
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Section title="Facts">
          <Facts of={[['Content hash', <Mono key="hash">{set.contentHash}</Mono>]]} />
        </Section>
        <Section title={`Used by ${plural(totalCount, 'run')}`}>
          {totalCount === 0 && 'No run was judged on it yet. Choose it when you start a run.'}
          <Stack gap={8}>
            {edges.map(({ node }) => (
              <div key={node.id} className={css.run}>
                <TextLink to={paths.run(node.number)}>
                  #{node.number}
                  {node.name ? ` ${node.name}` : ''}
                </TextLink>
                <RunStatusBadge run={node} />
              </div>
            ))}
            {totalCount > edges.length && `and ${plural(totalCount - edges.length, 'more run')}`}
          </Stack>
        </Section>
      </SimpleGrid>
      <SetItems set={set} />
    </Page>
  );
}
