import { Button, Menu } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { Icon } from '../ui/Icon.tsx';

const AttemptPicker_Run = graphql(`
  fragment AttemptPicker_Run on Run {
    id
    attempts {
      attempt
      status
    }
  }
`);

/** The number of an attempt of the URL; undefined for all of them. */
export const parseAttempt = (text: string | undefined): number | undefined =>
  /^\d{1,3}$/.test(text ?? '') ? Number(text) : undefined;

/** Which attempt the tabs show; nothing to choose while there is one. */
export function AttemptPicker(props: {
  run: FragmentType<typeof AttemptPicker_Run>;
  attempt: number | undefined;
  onChange: (attempt: number | undefined) => void;
}) {
  const { attempts } = read(AttemptPicker_Run, props.run);
  if (attempts.length < 2) return null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          size="compact-sm"
          rightSection={<Icon name="down" size={12} />}
          data-testid="attempt-picker"
        >
          {props.attempt === undefined
            ? `All ${attempts.length} attempts`
            : `Attempt ${props.attempt} of ${attempts.length}`}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => props.onChange(undefined)}>All attempts</Menu.Item>
        {attempts.map(({ attempt, status }) => (
          <Menu.Item key={attempt} onClick={() => props.onChange(attempt)}>
            Attempt {attempt}, {status.toLowerCase()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
