/** `tunix-rt samples`: prints generated traces, to try the system with. */
import { maxSampleTraces, sampleSeeds, sampleTraces } from '../samples/arithmetic.ts';
import { define, EXIT, jsonLine, Misused, numberOf } from './define.ts';

const HELP = `Usage: tunix-rt samples [COUNT] [options]

Prints short word problems with their solutions, one trace as JSON on each line [200]. It asks no server:

  npx tunix-rt samples 500 | npx tunix-rt import - --tag samples

  --seed N           other traces; the same number gives the same ones [${sampleSeeds.commandLine}]
  --help             print this

Exit codes: 0 printed, 2 the command is wrong.
`;

export const samplesCommand = define({
  name: 'samples',
  help: HELP,
  options: { seed: { type: 'string' } },
  takes: { min: 0, max: 1, called: 'at most a count' },
  async body({ values, names: [count], terminal }) {
    const seed = numberOf('seed', values.seed) ?? sampleSeeds.commandLine;
    const wanted = Number(count ?? 200);
    if (!(Number.isInteger(wanted) && wanted >= 0 && wanted <= maxSampleTraces)) {
      throw new Misused(`COUNT is a whole number from 0 to ${maxSampleTraces}.`);
    }
    terminal.out(sampleTraces(wanted, seed).map(jsonLine).join(''));
    return EXIT.ok;
  },
});
