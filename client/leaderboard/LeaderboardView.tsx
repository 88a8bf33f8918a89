import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { plural } from '../lib/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { usePages } from '../ui/usePages.ts';
import { type BoardUrl, metricLabel, toFilter, toMetric, toPick } from './board.ts';
import css from './LeaderboardRows.module.css';
import { LeaderboardRows, LeaderboardRows_Query } from './LeaderboardRows.tsx';
import { type Chosen, SelectedRows } from './SelectedRows.tsx';
import { useNewResults } from './useNewResults.ts';

/** The rows of a board. What is judged meanwhile waits behind a button: nothing moves by itself. */
export function LeaderboardView(props: {
  url: BoardUrl;
  onProvenance: (evaluationId: string) => void;
}) {
  const { url, onProvenance } = props;
  const [chosen, setChosen] = useState<readonly Chosen[]>([]);
  const metric = toMetric(url);
  const pick = toPick(url);
  const question = JSON.stringify([toFilter(url), metric, pick]);
  const filter = useMemo(() => toFilter(url), [question]);
  const { pages, more } = usePages(question);
  const [reads, setReads] = useState(0);
  const news = useNewResults({ filter, metric, pick });
  return (
    <>
      <SelectedRows chosen={chosen} onClear={() => setChosen([])} />
      <Section
        source={LeaderboardRows_Query}
        title={
          url.set ??
          (url.dataset
            ? `${url.dataset} · ${(url.split ?? 'any side').toLowerCase()}`
            : 'All boards')
        }
        flush
        aside={
          news.count > 0 && (
            <Button
              size="compact-sm"
              radius="xl"
              leftSection={<Icon name="down" size={12} />}
              onClick={() => {
                news.clear();
                setReads(reads + 1);
              }}
              data-testid="new-results"
            >
              {plural(news.count, 'new result')}
            </Button>
          )
        }
      >
        <div className={css.board}>
          <Table
            caption="Leaderboard"
            testId="leaderboard-table"
            columns={[
              { name: 'Choose', label: 'Choose' },
              { name: 'Rank', numeric: true },
              { name: 'Run' },
              { name: metricLabel(metric), numeric: true },
              { name: '95 % interval' },
              { name: 'Correct', numeric: true },
              { name: 'Model' },
              { name: 'Judged' },
              { name: 'Actions', label: 'Actions' },
            ]}
          >
            <LeaderboardRows
              // Another read of the same question replaces what is shown as a whole.
              key={`${question} ${reads}`}
              filter={filter}
              metric={metric}
              pick={pick}
              chosen={chosen}
              onChoose={setChosen}
              onProvenance={onProvenance}
              after={null}
              pages={pages}
              onMore={more}
            />
          </Table>
        </div>
      </Section>
    </>
  );
}
