import { Text } from '@mantine/core';
import { useState } from 'react';
import { Mono } from '../ui/Code.tsx';
import type { FormErrors, RunForm } from './runForm.ts';
import { byPath, readYaml, toYaml } from './runYaml.ts';
import { TextEditor } from './TextEditor.tsx';

/** The form as text: what is written comes into the form as soon as it can be read. */
export function RunYaml(props: {
  form: RunForm;
  /** Nothing when the text stands for no form. */
  onChange: (form: RunForm | undefined) => void;
  /** What the server says of the form. */
  errors: FormErrors;
  advancedFaults: readonly { path: readonly string[]; message: string }[];
}) {
  const [text, setText] = useState(() => toYaml(props.form));
  const { faults, placeOf } = readYaml(text);
  const said = [
    ...byPath(props.errors),
    ...props.advancedFaults.map(({ path, message }) => ({
      path: ['advanced', ...path].join('.'),
      message,
    })),
  ];
  return (
    <>
      <TextEditor
        label="The request as YAML"
        rows={22}
        value={text}
        onText={(next) => {
          setText(next);
          props.onChange(readYaml(next).form);
        }}
        faults={
          faults.length > 0 ? faults : said.map((one) => ({ ...one, place: placeOf(one.path) }))
        }
        faultTestId="yaml-fault"
        data-testid="run-yaml"
      />
      <Text size="xs" c="dimmed">
        In a file it starts the same run from a terminal:{' '}
        <Mono>npx tunix-rt run --input run.yaml</Mono>
      </Text>
    </>
  );
}
