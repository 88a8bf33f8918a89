/**
 * Loaded into a process before anything else: each SIGUSR2 makes its wall clock jump, an hour ahead
 * first, then two back, and so on. Monotonic clocks stay as they are, as on a real machine.
 */
const HOUR = 3_600_000;

let shift = 0;
const System = globalThis.Date;

class Shifted extends System {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(System.now() + shift);
    else super(...(given as [number]));
  }
  static override now(): number {
    return System.now() + shift;
  }
}

globalThis.Date = Shifted as DateConstructor;
process.on('SIGUSR2', () => {
  shift = shift > 0 ? -HOUR : HOUR;
  process.stderr.write(`the clock is off by ${shift} ms\n`);
});
