import {
  Button,
  Checkbox,
  Collapse,
  Input,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { plural } from '../lib/format.ts';
import { AdvancedEditor } from './AdvancedEditor.tsx';
import type { AdvancedFault } from './advanced.ts';
import type { FormErrors, RunForm, TextField } from './runForm.ts';

type Field = readonly [name: TextField, label: string, placeholder?: string, hint?: string];

const BASIC: readonly Field[] = [
  ['learningRate', 'Learning rate'],
  ['numEpochs', 'Epochs'],
  ['batchSize', 'Batch size'],
  ['maxSeqLength', 'Max sequence length'],
];

const ADVANCED: readonly Field[] = [
  ['maxSteps', 'Max steps', 'all of the epochs'],
  ['weightDecay', 'Weight decay'],
  ['seed', 'Seed'],
  ['maxNewTokens', 'Max new tokens', undefined, 'for predictions'],
  ['evalEverySteps', 'Eval loss every', 'steps'],
  ['saveEverySteps', 'Save every', 'steps'],
  ['evaluateEverySteps', 'Answer eval items every', 'never', 'steps; judged while it trains'],
  ['evaluateItems', 'Eval items to answer', 'with the steps', 'the first ones'],
  ['loraRank', 'LoRA rank', 'no LoRA'],
  ['loraAlpha', 'LoRA alpha', 'with a rank'],
  ['loraModulePath', 'LoRA modules', 'module path pattern'],
  ['timeoutSeconds', 'Time limit (s)'],
  ['fsdp', 'Devices for the batch', '1', 'fsdp: divides batch and weights'],
  ['tp', 'Devices for each layer', '1', 'tp: divides heads and MLP'],
  ['priority', 'Priority'],
  ['maxAttempts', 'Max attempts'],
  ['name', 'Name', 'optional'],
];

const BELOW: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];

function TextFields(props: {
  fields: readonly Field[];
  form: RunForm;
  defaults: Partial<RunForm>;
  errors: FormErrors;
  onChange: (part: Partial<RunForm>) => void;
}) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {props.fields.map(([name, label, placeholder = 'default', hint]) => (
        <TextInput
          key={name}
          name={name}
          label={label}
          description={hint}
          // Below the box, so that boxes of a line stand side by side.
          inputWrapperOrder={BELOW}
          placeholder={props.defaults[name] || placeholder}
          autoComplete="off"
          value={props.form[name]}
          error={props.errors[name]}
          onChange={(event) => props.onChange({ [name]: event.currentTarget.value })}
        />
      ))}
    </SimpleGrid>
  );
}

const withCount = ({ key, itemCount }: { key: string; itemCount: number }) => ({
  value: key,
  label: `${key} (${plural(itemCount, 'item')})`,
});

/** A value that came by the URL is offered even if it is not among the newest ones. */
const withValue = (options: { value: string; label: string }[], value: string) =>
  value === '' || options.some((option) => option.value === value)
    ? options
    : [{ value, label: value }, ...options];

export function RunFields(props: {
  form: RunForm;
  /** What stands for a field that is left empty, as far as it is known. */
  defaults: Partial<RunForm>;
  errors: FormErrors;
  onChange: (part: Partial<RunForm>) => void;
  datasets: readonly { key: string; itemCount: number }[];
  evaluationSets: readonly { key: string; itemCount: number }[];
  models: readonly { id: string; family: string; description: string }[];
  /** What runners offer, as suggestions. */
  labels: readonly string[];
  advancedFaults: readonly AdvancedFault[];
  advanced: boolean;
}) {
  const { form, defaults, errors, onChange } = props;
  const [opened, { toggle }] = useDisclosure(props.advanced);
  const hidesError =
    ADVANCED.some(([name]) => errors[name]) ||
    errors.advanced !== undefined ||
    props.advancedFaults.length > 0;
  const datasets = props.datasets.map(withCount);
  const evaluationSets = props.evaluationSets.map(withCount);
  const models = props.models.map(({ id, family }) => ({ value: id, label: `${id} (${family})` }));
  const model = props.models.find(({ id }) => id === form.modelId);
  return (
    <Stack gap="md">
      <Select
        label="Dataset"
        searchable
        allowDeselect={false}
        data={withValue(datasets, form.datasetKey)}
        value={form.datasetKey || null}
        error={errors.datasetKey}
        onChange={(value) => onChange({ datasetKey: value ?? '' })}
        data-testid="field-dataset"
      />
      <Select
        label="Evaluation set"
        description="What the trained model is judged on"
        placeholder="Test items of the dataset"
        searchable
        clearable
        data={withValue(evaluationSets, form.evaluationSetKey)}
        value={form.evaluationSetKey || null}
        error={errors.evaluationSetKey}
        onChange={(value) => onChange({ evaluationSetKey: value ?? '' })}
        data-testid="field-evaluation-set"
      />
      <Select
        label="Model"
        searchable
        allowDeselect={false}
        description={model?.description}
        data={withValue(models, form.modelId)}
        value={form.modelId || null}
        error={errors.modelId}
        onChange={(value) => onChange({ modelId: value ?? '' })}
      />
      <div>
        <Input.Label id="run-mode" labelElement="div">
          Mode
        </Input.Label>
        <SegmentedControl
          fullWidth
          aria-labelledby="run-mode"
          value={form.mode}
          onChange={(mode) => onChange({ mode })}
          data={[
            { value: 'LOCAL', label: 'Train' },
            { value: 'DRY_RUN', label: 'Dry run' },
          ]}
        />
        <Text size="xs" c={errors.mode ? 'red' : 'dimmed'} mt={4}>
          {errors.mode ??
            (form.mode === 'LOCAL'
              ? 'Trains on a runner with Google Tunix'
              : 'Checks everything, renders the data, starts no training')}
        </Text>
      </div>
      <TextFields
        fields={BASIC}
        form={form}
        defaults={defaults}
        errors={errors}
        onChange={onChange}
      />
      <TagsInput
        label="Needs a runner with"
        description="Labels, each with Enter"
        placeholder={form.requiredLabels.length > 0 ? undefined : 'any runner'}
        data={[...props.labels]}
        value={form.requiredLabels}
        error={errors.requiredLabels}
        onChange={(requiredLabels) => onChange({ requiredLabels })}
        data-testid="field-labels"
      />
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={toggle}
          aria-expanded={opened || hidesError}
          data-testid="toggle-advanced"
        >
          {opened ? 'Hide advanced' : 'Advanced'}
        </Button>
      </div>
      <Collapse expanded={opened || hidesError}>
        <Stack gap="md">
          <TextFields
            fields={ADVANCED}
            form={form}
            defaults={defaults}
            errors={errors}
            onChange={onChange}
          />
          <Checkbox
            label="Try again when the training fails"
            description="While attempts are left; one that was lost is tried again anyway"
            checked={form.retryOnFailure}
            onChange={(event) => onChange({ retryOnFailure: event.currentTarget.checked })}
          />
          <AdvancedEditor
            value={form.advanced}
            onChange={(advanced) => onChange({ advanced })}
            syntaxFault={errors.advanced}
            faults={props.advancedFaults}
          />
        </Stack>
      </Collapse>
    </Stack>
  );
}
