import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { settingText } from '../runCompare/settings.ts';
import { Mono } from '../ui/Code.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import type { FieldChange } from './cloneChanges.ts';

/** What the new run has otherwise than the one it is a clone of. */
export function ChangesPanel(props: { parent: number; changes: readonly FieldChange[] }) {
  const { parent, changes } = props;
  return (
    <Section
      title="Changed"
      flush
      testId="clone-changes"
      aside={
        <span>
          against{' '}
          <TextLink inText to={paths.run(parent)}>
            #{parent}
          </TextLink>
        </span>
      }
    >
      <Table
        caption="Changes"
        columns={[{ name: 'Field' }, { name: `#${parent}` }, { name: 'New run' }]}
      >
        <tbody>
          {changes.length === 0 && (
            <tr>
              <td colSpan={3}>Nothing yet: it would repeat #{parent}.</td>
            </tr>
          )}
          {changes.map(({ path, before, after }) => (
            <tr key={path} data-testid="clone-change">
              <td>{path}</td>
              <td>
                <Mono>{before === null ? 'default' : settingText(before)}</Mono>
              </td>
              <td>
                <Mono>{after === null ? 'default' : settingText(after)}</Mono>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}
