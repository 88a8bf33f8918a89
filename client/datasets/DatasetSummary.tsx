import { SimpleGrid } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatMetric, shortHash } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Mono } from '../ui/Code.tsx';
import { Facts } from '../ui/Facts.tsx';
import { Section } from '../ui/Section.tsx';
import { CheckTag } from './CheckTag.tsx';
import { SplitBar } from './SplitBar.tsx';

const DatasetSummary_Dataset = graphql(`
  fragment DatasetSummary_Dataset on Dataset {
    id
    key
    contentHash
    ...SplitBar_Dataset
    stats {
      avgStepCount
      minStepCount
      maxStepCount
      avgTotalChars
    }
    latestCheck {
      id
      ...CheckTag_DatasetCheck
    }
    parent {
      id
      key
    }
  }
`);

/** What stays in sight above the tabs: sides, figures, the latest check, the parent. */
export function DatasetSummary(props: { dataset: FragmentType<typeof DatasetSummary_Dataset> }) {
  const dataset = read(DatasetSummary_Dataset, props.dataset);
  const { stats } = dataset;
  return (
    <Section>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <div>
          <SplitBar dataset={dataset} />
        </div>
        <Facts
          of={[
            ['Check', <CheckTag key="check" check={dataset.latestCheck} />],
            [
              'Items',
              `${formatMetric(stats.avgStepCount)} steps on average (${stats.minStepCount}–${stats.maxStepCount}), ${formatMetric(stats.avgTotalChars)} characters`,
            ],
            [
              'Made from',
              dataset.parent && (
                <TextLink key="parent" to={paths.dataset(dataset.parent.key)} mono>
                  {dataset.parent.key}
                </TextLink>
              ),
            ],
            [
              'Content hash',
              <Mono key="hash" title={dataset.contentHash}>
                {shortHash(dataset.contentHash)}
              </Mono>,
            ],
          ]}
        />
      </SimpleGrid>
    </Section>
  );
}
