import { casesOf, inRounds, isReachedWith } from './attacks/failpoints/cases.ts';
import { lines } from './attacks/failpoints/lines.ts';
import { type CaseResult, playRound } from './attacks/failpoints/round.ts';
import { ATTACKED } from './attacks/settings.ts';
import { withOwnStack } from './stack/own-stack.ts';
import { interruption, outputOf, runCommand } from './terminal/command.ts';
import { oneOf, readOptions } from './terminal/options.ts';

const USAGE = `Usage: npm run failpoints -- [options]

Kills each service at each moment that has a name (services/chassis/src/process/failpoint.ts), with SIGKILL and under orders; it is
started again, the orders end, and an audit looks whether anything was lost or done twice. With a stack of its own, on free
ports and with a new data folder, which it deletes at the end. All of it takes about a quarter of an hour.

  --service <a,b>   only these services
  --point <a,b>     only these points
  --relay <relay>   logical (the default) or polling
  --together        all of these services die at a point at the same time: a round for each point, a third of the time
  --json            the results as one JSON document on standard output, everything else on standard error
  --help            this text

Ends with 1 when an audit found something, or a point was not reached.`;

await runCommand(async () => {
  const options = readOptions(USAGE, {
    service: { type: 'string', default: '' },
    point: { type: 'string', default: '' },
    relay: { type: 'string', default: 'logical' },
    together: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const relay = oneOf('relay', ['logical', 'polling'], options.relay);
  const cases = casesOf(options.service, options.point).filter(isReachedWith(relay));
  const rounds = inRounds(cases, options.together);
  const { report, result } = outputOf(options.json);
  const signal = interruption(report);
  const results: CaseResult[] = [];
  await withOwnStack({ report, signal, relay, serviceEnv: ATTACKED }, async (stack) => {
    for (const round of rounds) {
      signal.throwIfAborted();
      const title = round.map(({ service, point }) => `${service} dies at ${point}`).join(', ');
      results.push(...(await report.step(title, () => playRound(stack, round))));
    }
  });
  result(results, lines(results));
  if (results.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
});
