import { Button, Group, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { oneOf, useUrlState } from '../lib/url.ts';
import { useMay } from '../lib/viewer.ts';
import { paths } from '../paths.ts';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { FindingRows, FindingRows_Query } from './FindingRows.tsx';
import { FINDING_CODES, RULES } from './rules.ts';
import { TraceDrawer } from './TraceDrawer.tsx';

const SHOWN = ['waived', 'all'] as const;

/** The findings that are ticked, each with the trace it is about: several may be about one item. */
type Ticked = ReadonlyMap<string, string>;

/** The findings of one check, by rule and by whether they are waived. */
export function FindingsTable(props: {
  checkId: string;
  datasetKey: string;
  /** All findings can be left out at once only of the latest check. */
  isLatest: boolean;
  /** The counts above have changed. */
  onChanged: () => void;
}) {
  const { checkId, datasetKey } = props;
  const [url, setUrl] = useUrlState('rule', 'show', 'trace');
  const mayBuild = useMay('DATASETS_WRITE');
  const rule = oneOf(FINDING_CODES, url.rule);
  const show = oneOf(SHOWN, url.show);
  const [chosen, setChosen] = useState<Ticked>(new Map());
  const items = new Set(chosen.values()).size;
  const question = `${checkId} ${rule} ${show}`;
  const exclude = items > 0 ? [...chosen.keys()].join(',') : 'findings';
  return (
    <Section
      source={FindingRows_Query}
      flush
      title={rule ? `Findings: ${RULES[rule].name.toLowerCase()}` : 'Findings'}
      testId="findings"
      aside={
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label="Which findings"
            value={show ?? ''}
            onChange={(value) => setUrl({ show: value })}
            data={[
              { value: '', label: 'Open' },
              { value: 'waived', label: 'Waived' },
              { value: 'all', label: 'All' },
            ]}
          />
          {mayBuild && (props.isLatest || items > 0) && (
            <Button
              component={Link}
              to={paths.newDataset({
                parent: datasetKey,
                exclude,
                rules: items > 0 ? undefined : rule,
              })}
              size="compact-sm"
              variant="default"
              data-testid="exclude-findings"
            >
              {items > 0
                ? `Exclude ${plural(items, 'item')} from the next version`
                : 'Exclude all open from the next version'}
            </Button>
          )}
        </Group>
      }
    >
      <Table
        caption="Findings"
        testId="findings-table"
        columns={[
          { name: 'Choose', label: 'Choose' },
          { name: 'Finding' },
          { name: 'Actions', label: 'Actions' },
        ]}
      >
        <FindingRows
          key={question}
          checkId={checkId}
          rule={rule}
          waived={show === 'all' ? undefined : show === 'waived'}
          onChanged={props.onChanged}
          onOpen={(trace) => setUrl({ trace })}
          chosen={chosen}
          onChoose={(finding, trace, yes) =>
            setChosen((before) => {
              const after = new Map(before);
              if (yes) after.set(finding, trace);
              else after.delete(finding);
              return after;
            })
          }
        />
      </Table>
      <TraceDrawer id={url.trace} onClose={() => setUrl({ trace: undefined })} />
    </Section>
  );
}
