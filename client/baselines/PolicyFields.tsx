import {
  ActionIcon,
  Button,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { oneOf } from '../lib/url.ts';
import { Icon } from '../ui/Icon.tsx';
import {
  type FloorForm,
  ON_INCONCLUSIVE,
  type PolicyField,
  type PolicyForm,
} from './policyForm.ts';

const PolicyFields_Query = graphql(`
  query PolicyFields_Query {
    judges {
      ref
    }
  }
`);

const BY = ['SECTION', 'CATEGORY', 'DIFFICULTY'] as const;
const DOES = { PASS: 'pass', WARN: 'pass with a warning', FAIL: 'fail' } as const;

type Props = {
  form: PolicyForm;
  errors: Partial<Record<PolicyField, string>>;
  onChange: (form: PolicyForm) => void;
};

function Floors(props: Props) {
  const { form, onChange } = props;
  const change = (at: number, next: Partial<FloorForm>) =>
    onChange({
      ...form,
      floors: form.floors.map((floor, index) => (index === at ? { ...floor, ...next } : floor)),
    });
  return (
    <Stack gap={6} component="fieldset" m={0} p={0} style={{ border: 0 }}>
      <Text component="legend" size="sm" fw={500} p={0}>
        Floors
      </Text>
      <Text size="xs" c="dimmed">
        Least accuracy on a part of the evaluation set, whatever the baseline reached.
      </Text>
      {form.floors.map((floor, at) => (
        <Group key={at} gap={6} wrap="nowrap" data-testid="floor">
          <Select
            aria-label={`Field of floor ${at + 1}`}
            w={120}
            allowDeselect={false}
            data={BY.map((by) => ({ value: by, label: by.toLowerCase() }))}
            value={floor.by}
            onChange={(by) => change(at, { by: oneOf(BY, by ?? undefined) ?? floor.by })}
          />
          <TextInput
            aria-label={`Part of floor ${at + 1}`}
            placeholder="core"
            flex={1}
            miw={60}
            value={floor.value}
            onChange={(event) => change(at, { value: event.currentTarget.value })}
          />
          <TextInput
            aria-label={`Minimum of floor ${at + 1} in percent`}
            placeholder="80"
            w={72}
            inputMode="decimal"
            rightSection="%"
            value={floor.minimum}
            onChange={(event) => change(at, { minimum: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove floor ${at + 1}`}
            onClick={() =>
              onChange({ ...form, floors: form.floors.filter((_, index) => index !== at) })
            }
          >
            <Icon name="cross" size={14} />
          </ActionIcon>
        </Group>
      ))}
      {props.errors.floors && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {props.errors.floors}
        </Text>
      )}
      <div>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() =>
            onChange({
              ...form,
              floors: [...form.floors, { by: 'SECTION', value: '', minimum: '' }],
            })
          }
        >
          Add a floor
        </Button>
      </div>
    </Stack>
  );
}

/** All of a policy but its name and note. What stays empty has the default of the placeholder. */
export function PolicyFields(props: Props) {
  const { form, errors, onChange } = props;
  const [{ data }] = useQuery({ query: PolicyFields_Query });
  const text = (name: 'metric' | 'tolerance' | 'alpha' | 'minItems') => ({
    value: form[name],
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...form, [name]: event.currentTarget.value }),
  });
  const refs = data?.judges.map(({ ref }) => ref) ?? [];
  return (
    <Stack gap="sm">
      <SimpleGrid cols={2} spacing="sm">
        <TextInput label="Metric" placeholder="score" {...text('metric')} />
        <Select
          label="Better is"
          placeholder="by the metric"
          clearable
          data={['higher', 'lower']}
          value={form.better || null}
          error={errors.lowerIsBetter}
          onChange={(better) =>
            onChange({ ...form, better: oneOf(['lower', 'higher'], better ?? undefined) ?? '' })
          }
        />
        <TextInput label="Tolerance %" placeholder="5" inputMode="decimal" {...text('tolerance')} />
        <TextInput label="Alpha" placeholder="0.05" inputMode="decimal" {...text('alpha')} />
        <TextInput label="Least items" placeholder="0" inputMode="numeric" {...text('minItems')} />
        <Select
          label="If inconclusive"
          placeholder={DOES.WARN}
          clearable
          data={ON_INCONCLUSIVE.map((value) => ({ value, label: DOES[value] }))}
          value={form.onInconclusive || null}
          error={errors.onInconclusive}
          onChange={(value) => onChange({ ...form, onInconclusive: value ?? '' })}
        />
      </SimpleGrid>
      <Select
        label="Required judge"
        placeholder="any, when both sides have the same"
        clearable
        data={[...new Set([...refs, ...(form.requiredJudge ? [form.requiredJudge] : [])])]}
        value={form.requiredJudge || null}
        error={errors.requiredJudge}
        onChange={(value) => onChange({ ...form, requiredJudge: value ?? '' })}
      />
      <Floors {...props} />
    </Stack>
  );
}
