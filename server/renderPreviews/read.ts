import type { WorkStatus } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { followState } from '../lib/follow.ts';
import { whyNoPython } from '../runners/read.ts';
import type { Rendered, Waiting } from './model.ts';

type Row = { status: WorkStatus; result: unknown };

/** What a completed preview holds; null before. */
export const renderedOf = ({ status, result }: Row): Rendered | null =>
  status === 'COMPLETED' ? (result as Rendered) : null;

/** Why a preview is not there yet and what to do about it; null once it has ended. */
export async function whyWaiting(
  app: Pick<App, 'sql'>,
  { status, result }: Row,
): Promise<string | null> {
  if (status === 'COMPLETED' || status === 'FAILED') return null;
  const obstacle = await whyNoPython(app.sql);
  if (obstacle) return obstacle;
  if (status === 'PENDING') return 'A runner takes it up as soon as it is done with those before.';
  return (result as Waiting | null)?.waitingFor ?? 'The runner cuts the text into tokens.';
}

/** Follows a preview: its id now, then whenever it or its reason to wait changes, until its end. */
export const followPreview = (app: Pick<App, 'db' | 'sql' | 'bell'>, id: string) =>
  followState(
    () => app.bell.listen(`preview:${id}`),
    async () => {
      const preview = await app.db.renderPreview.findUnique({
        where: { id },
        select: { status: true, result: true },
      });
      if (!preview) return null;
      const waitingFor = await whyWaiting(app, preview);
      const { status } = preview;
      return { value: { id }, state: `${status} ${waitingFor}`, isOver: waitingFor === null };
    },
  );
