import { VERDICTS } from '../baselines/VerdictTag.tsx';
import { Whisker } from '../evaluations/Whisker.tsx';
import { formatMetric, formatPercent, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { useViewer } from '../lib/viewer.ts';
import { paths } from '../paths.ts';
import { modeLabel } from '../runs/modes.ts';
import { RunProgress } from '../runs/RunProgress.tsx';
import { RunStatusBadge } from '../runs/RunStatusBadge.tsx';
import { Ago } from '../ui/Ago.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Sparkline } from '../ui/Sparkline.tsx';
import { Spoken } from '../ui/Spoken.tsx';
import css from './RunTable.module.css';
import { accuracyOf, checkOf, type RunRow, runTitle, whoOf } from './runRows.ts';

/** Number and name; below them what sets it apart from an ordinary training. */
export function Title(props: { run: RunRow; isShort?: boolean }) {
  const { run, isShort } = props;
  const title = runTitle(run);
  const notes = [
    ...(run.mode === 'LOCAL' ? [] : [modeLabel(run.mode)]),
    ...(run.archivedAt ? ['archived'] : []),
  ];
  return (
    <div className={css.title}>
      <div className={isShort || notes.length > 0 ? css.clip : css.twoLines} title={title}>
        <TextLink to={paths.run(run.number)}>{title}</TextLink>
      </div>
      {!isShort && notes.length > 0 && <div className={css.below}>{notes.join(' · ')}</div>}
    </div>
  );
}

export function DataAndModel(props: { run: RunRow }) {
  const { dataset, modelId } = props.run;
  return (
    <>
      <div className={css.clip} title={dataset?.key}>
        {dataset ? <TextLink to={paths.dataset(dataset.key)}>{dataset.key}</TextLink> : '–'}
      </div>
      <div className={css.below} title={modelId}>
        {modelId}
      </div>
    </>
  );
}

/** What a gate said last of it, where one was asked. */
export function Gate(props: { run: RunRow }) {
  const check = checkOf(props.run);
  if (!check) return null;
  const { id, verdict, baseline } = check;
  const { label, icon, tone } = VERDICTS[verdict];
  return (
    <div
      className={css.gate}
      title={`Gate ${baseline.name}: ${label}`}
      data-tone={tone}
      data-testid="run-gate"
    >
      <Icon name={icon} size={12} />
      <TextLink to={paths.baseline(baseline.name, { check: id })}>
        <Spoken>Gate: </Spoken>
        {label}
      </TextLink>
    </div>
  );
}

/** How it ended or where it stands, and below it the gate. */
export function Status(props: { run: RunRow }) {
  return (
    <>
      <RunStatusBadge run={props.run} />
      <Gate run={props.run} />
    </>
  );
}

/** How far it is; of a run that failed, why. */
export function Progress(props: { run: RunRow }) {
  const { run } = props;
  if (!run.failure) {
    return (
      <div className={css.progress}>
        <RunProgress run={run} wraps />
      </div>
    );
  }
  return (
    <div className={css.failure} title={run.failure.title} data-testid="run-failure">
      <Icon name="warn" size={12} />
      <span>{run.failure.title}</span>
    </div>
  );
}

export function LossLine(props: { run: RunRow }) {
  const points = props.run.metrics[0]?.points ?? [];
  const last = points.at(-1);
  if (!last) return <span className={css.none}>–</span>;
  const first = points[0];
  return (
    <Sparkline
      values={points.map(({ value }) => value)}
      label={`Train loss from ${formatMetric(first?.value)} at step ${first?.step} to ${formatMetric(last.value)} at step ${last.step}`}
    />
  );
}

/** When it was made, and by whom where people sign in. */
export function Created(props: { run: RunRow; isShort?: boolean }) {
  const { run } = props;
  const viewer = useViewer();
  const who = viewer?.authRequired ? whoOf(run) : undefined;
  if (props.isShort) {
    return (
      <>
        <Ago at={run.createdAt} />
        {who && <span className={css.clip}>{who}</span>}
      </>
    );
  }
  return (
    <>
      <Ago at={run.createdAt} />
      {who && (
        <div className={css.below} title={run.createdBy ?? undefined} data-testid="run-who">
          {who}
        </div>
      )}
    </>
  );
}

/** The newest judgement of its final model, with the 95 % interval. */
export function Accuracy(props: { run: RunRow }) {
  const found = accuracyOf(props.run);
  if (!found) return <span className={css.none}>–</span>;
  const { id, judge, value, interval, itemCount } = found;
  return (
    <div title={`${judge}, ${plural(itemCount, 'item')}`}>
      <TextLink to={paths.evaluation(id)}>{formatPercent(value)}</TextLink>
      {interval && <Whisker value={value} low={interval.low} high={interval.high} isSmall />}
    </div>
  );
}
