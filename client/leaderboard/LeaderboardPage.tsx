import { useState } from 'react';
import { graphql } from '../gql/index.ts';
import { useUrlState } from '../lib/url.ts';
import { useLoopChanged } from '../lib/useLoopChanged.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { ProvenanceDrawer } from '../provenance/ProvenanceDrawer.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { BoardFilters } from './BoardFilters.tsx';
import { BoardSelect } from './BoardSelect.tsx';
import { BOARD_KEYS, boardKey, namesBoard, urlOf } from './board.ts';
import { LeaderboardView } from './LeaderboardView.tsx';
import { NoBoards } from './NoBoards.tsx';

const LeaderboardPage_Query = graphql(`
  query LeaderboardPage_Query {
    boards(first: 100) {
      edges {
        node {
          id
          runs
          newestAt
          split
          dataset {
            id
            key
          }
          evaluationSet {
            id
            key
          }
          judge {
            ref
            ranks
            isMock
          }
        }
      }
    }
  }
`);

export function LeaderboardPage() {
  const [url, setUrl] = useUrlState(...BOARD_KEYS, 'provenance');
  const { data, loading, refetch } = usePageQuery({ query: LeaderboardPage_Query });
  useLoopChanged(refetch);
  const boards = data?.boards.edges.map(({ node }) => node);
  const newest = boards?.find(({ judge }) => judge.ranks) ?? boards?.[0];
  // Without a choice in the URL the newest board is shown, so that ranks mean one thing. It stays
  // when another becomes newer: nothing moves by itself.
  const [firstId, setFirstId] = useState<string>();
  const first = boards?.find(({ id }) => id === firstId) ?? newest;
  if (first && first.id !== firstId && !loading) setFirstId(first.id);
  const shown = namesBoard(url) || !first ? url : { ...url, ...urlOf(first) };
  return (
    <Page
      source={LeaderboardPage_Query}
      title="Leaderboard"
      description="Runs that answered the same items, judged by the same version of a judge. Only those share a rank."
    >
      {!boards ? (
        <Section flush>
          <LoadingRows />
        </Section>
      ) : boards.length === 0 && !namesBoard(url) ? (
        <NoBoards />
      ) : (
        <>
          <BoardSelect
            boards={boards}
            url={shown}
            onChange={(board) => setUrl({ ...urlOf(board), metric: undefined }, true)}
          />
          <BoardFilters url={shown} onChange={setUrl} />
          <LeaderboardView
            // Rows that were ticked can be compared with those of their own board only.
            key={boardKey(shown)}
            url={shown}
            onProvenance={(id) => setUrl({ provenance: id }, true)}
          />
        </>
      )}
      <ProvenanceDrawer id={url.provenance} onClose={() => setUrl({ provenance: undefined })} />
    </Page>
  );
}
