import { type FragmentType, graphql, read } from '../gql/index.ts';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { Whisker } from './Whisker.tsx';

const SliceScores_Evaluation = graphql(`
  fragment SliceScores_Evaluation on Evaluation {
    id
    sections {
      by
      value
      items
      correct
      accuracy
      interval {
        low
        high
      }
    }
  }
`);

/** How well each part of an evaluation set went; nothing for a side of a dataset. */
export function SliceScores(props: { evaluation: FragmentType<typeof SliceScores_Evaluation> }) {
  const { sections } = read(SliceScores_Evaluation, props.evaluation);
  if (sections.length === 0) return null;
  return (
    <Section title="Parts of the set" flush>
      <Table
        caption="Parts of the set"
        testId="slice-scores"
        columns={[
          { name: 'By' },
          { name: 'Value' },
          { name: 'Correct', numeric: true },
          { name: '95 % interval' },
        ]}
      >
        <tbody>
          {sections.map(({ by, value, items, correct, accuracy, interval }) => (
            <tr key={`${by} ${value}`}>
              <td>{by.toLowerCase()}</td>
              <td>{value}</td>
              <td data-numeric>
                {correct} of {items}
              </td>
              <td>
                {interval ? (
                  <Whisker value={accuracy} low={interval.low} high={interval.high} />
                ) : (
                  '–'
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}
