import css from './Code.module.css';
import { PlainText } from './PlainText.tsx';

/** A message of the server, whose commands and names stand between backticks. */
export function Ticked(props: { text: string }) {
  return props.text.split(/`([^`]+)`/).map((part, index) =>
    index % 2 === 1 ? (
      <code key={index} className={css.mono}>
        <PlainText>{part}</PlainText>
      </code>
    ) : (
      <PlainText key={index}>{part}</PlainText>
    ),
  );
}
