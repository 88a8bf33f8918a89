import { Button, Group, SegmentedControl, TextInput } from '@mantine/core';
import { Link } from '../lib/Link.tsx';
import { May } from '../lib/May.tsx';
import { useUrlState } from '../lib/url.ts';
import { useTextFilter } from '../lib/useTextFilter.ts';
import { paths } from '../paths.ts';
import { Icon } from '../ui/Icon.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { DATASET_COLUMNS, DatasetRows } from './DatasetRows.tsx';

export function DatasetsPage() {
  const [url, setUrl] = useUrlState('text', 'order');
  const text = useTextFilter(url.text, (value) => setUrl({ text: value }));
  const isGrouped = url.order !== 'newest';
  return (
    <Page
      title="Datasets"
      description="Immutable, content-hashed versions built from traces."
      actions={
        <May scope="DATASETS_WRITE">
          <Button component={Link} to={paths.newDataset()} leftSection={<Icon name="plus" />}>
            Build a dataset
          </Button>
        </May>
      }
    >
      <Group gap="sm">
        <TextInput
          aria-label="Search datasets by name"
          placeholder="Search by name"
          leftSection={<Icon name="search" size={14} />}
          flex="1 1 200px"
          maw={340}
          {...text}
        />
        <SegmentedControl
          aria-label="Order"
          value={isGrouped ? '' : 'newest'}
          onChange={(order) => setUrl({ order })}
          data={[
            { value: '', label: 'By name' },
            { value: 'newest', label: 'Newest first' },
          ]}
        />
      </Group>
      <Section flush>
        <Table caption="Datasets" testId="datasets-table" columns={DATASET_COLUMNS}>
          <DatasetRows text={url.text} grouped={isGrouped} />
        </Table>
      </Section>
    </Page>
  );
}
