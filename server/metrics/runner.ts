/** Numbers that a runner counts by itself, from its start. */
import { Counter, Gauge, Registry } from 'prom-client';

export type RunnerMetrics = ReturnType<typeof openRunnerMetrics>;

/** What of a log is taken and not stored yet, in bytes. */
export type Backlog = { memory: number; spool: number };

/** Opens them. */
export function openRunnerMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const slots = new Gauge({
    name: 'tunix_runner_slots',
    help: 'Runs this runner executes side by side at most.',
    registers,
  });
  const busy = new Gauge({
    name: 'tunix_runner_slots_busy',
    help: 'Runs this runner executes now.',
    registers,
  });
  const trainers = new Gauge({
    name: 'tunix_runner_trainer_processes',
    help: 'Training processes of this runner that live now.',
    registers,
  });
  const attempts = new Counter({
    name: 'tunix_runner_attempts_total',
    help: 'Attempts of this runner by outcome; fenced ones lost their run to another runner.',
    labelNames: ['outcome'],
    registers,
  });
  const backlogs = new Set<() => Backlog>();
  new Gauge({
    name: 'tunix_runner_log_backlog_bytes',
    help: 'Bytes of logs that this runner has taken and not stored yet by where they wait.',
    labelNames: ['where'],
    registers,
    collect() {
      const all = [...backlogs].map((read) => read());
      this.set(
        { where: 'memory' },
        all.reduce((sum, { memory }) => sum + memory, 0),
      );
      this.set(
        { where: 'spool' },
        all.reduce((sum, { spool }) => sum + spool, 0),
      );
    },
  });
  return {
    registry,
    setSlots: (count: number) => slots.set(count),
    /** Counts one attempt as under way until the answer is called with how it ended. */
    attemptStarted(): (outcome: string) => void {
      busy.inc();
      return (outcome) => {
        busy.dec();
        attempts.inc({ outcome });
      };
    },
    /** Counts one training process until the answer is called. */
    trainerStarted(): () => void {
      trainers.inc();
      return () => trainers.dec();
    },
    /** Watches what waits of one log until the answer is called. */
    watchBacklog(read: () => Backlog): () => void {
      backlogs.add(read);
      return () => backlogs.delete(read);
    },
  };
}
