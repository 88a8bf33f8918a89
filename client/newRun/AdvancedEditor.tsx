import { type AdvancedFault, placeOf } from './advanced.ts';
import { TextEditor } from './TextEditor.tsx';

const EXAMPLE = `{
  "optimizer_config": { "b2": 0.95 }
}`;

/** Keys of the Tunix config as JSON. */
export function AdvancedEditor(props: {
  value: string;
  onChange: (text: string) => void;
  syntaxFault: string | undefined;
  faults: readonly AdvancedFault[];
}) {
  const { value } = props;
  return (
    <TextEditor
      label="Keys of the Tunix config"
      description="optimizer_config, training_config, model_config; others are refused"
      placeholder={EXAMPLE}
      rows={6}
      value={value}
      error={props.syntaxFault}
      onText={props.onChange}
      faults={props.faults.map(({ path, message }) => ({
        path: path.join('.'),
        message,
        place: placeOf(value, path),
      }))}
      faultTestId="advanced-fault"
      data-testid="advanced"
    />
  );
}
