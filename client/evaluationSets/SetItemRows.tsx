import { graphql } from '../gql/index.ts';
import { Mono } from '../ui/Code.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { PagedRows } from '../ui/PagedRows.tsx';
import css from './EvaluationSetPage.module.css';

export const SetItemRows_Query = graphql(`
  query SetItemRows_Query(
    $key: String!
    $section: String
    $category: String
    $difficulty: String
    $after: String
  ) {
    evaluationSet(key: $key) {
      id
      items(
        first: 50
        after: $after
        section: $section
        category: $category
        difficulty: $difficulty
      ) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            id
            itemId
            prompt
            expectedAnswer
            alternatives
            section
            category
            difficulty
          }
        }
      }
    }
  }
`);

export function SetItemRows(props: {
  setKey: string;
  section: string | undefined;
  category: string | undefined;
  difficulty: string | undefined;
}) {
  const { setKey, section, category, difficulty } = props;
  return (
    <PagedRows
      query={SetItemRows_Query}
      variables={{ key: setKey, section, category, difficulty }}
      pageOf={(data) => data.evaluationSet?.items}
      noun="item"
      empty={
        <EmptyState title="No item is like this">Change or clear the filters above.</EmptyState>
      }
    >
      {(nodes) => (
        <tbody>
          {nodes.map((node) => (
            <tr key={node.id} data-testid="set-item">
              <td data-wide>
                <Mono>{node.itemId}</Mono>
              </td>
              <td>
                <div className={css.text}>{node.prompt}</div>
              </td>
              <td>
                <div className={css.answer}>
                  {node.expectedAnswer}
                  {node.alternatives.length > 0 && (
                    <div className={css.other}>or {node.alternatives.join(', ')}</div>
                  )}
                </div>
              </td>
              <td data-wide>{node.section ?? '–'}</td>
              <td data-wide>{node.category ?? '–'}</td>
              <td data-wide>{node.difficulty ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      )}
    </PagedRows>
  );
}
