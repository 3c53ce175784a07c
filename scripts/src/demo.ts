import { StartError, settingsFrom } from '@troupe/embedded';
import { howToFollow, overview, verdict } from './demo/report.ts';
import { rush, tellRush } from './demo/rush.ts';
import { Shop } from './demo/shop.ts';
import { stories } from './demo/stories.ts';
import { type Teller, tell } from './demo/tell.ts';
import { isGood, type Told } from './demo/told.ts';
import { mustBeReady } from './stack/ready.ts';
import { runCommand } from './terminal/command.ts';
import { readOptions } from './terminal/options.ts';
import { paintFor } from './terminal/paint.ts';

const ALL: readonly { name: string; title: string; told(teller: Teller): Promise<Told> }[] = [
  ...stories.map((story) => ({ ...story, told: (teller: Teller) => tell(story, teller) })),
  { ...rush, told: tellRush },
];

const USAGE = `Usage: npm run demo -- [options]

Tells the stories of orders on the running system (npm start), and checks how each ends in every service.

  --orchestrated   orders that have an orchestrator (POST /orders/orchestrated): the same stories, the same ends, and the
                   orchestrator's log of each (GET /sagas/<id>)
  --only <story>   one story only; may be given more than once
  --json           the result as one JSON document on standard output, everything else on standard error
  --help           this text

${ALL.map(({ name, title }) => `  ${name.padEnd(16)} ${title}`).join('\n')}

It ends with 0 only if every story ended as it must. Other ports: TROUPE_ORDER_PORT and so on.`;

await runCommand(async () => {
  const { only, json, orchestrated } = readOptions(USAGE, {
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    orchestrated: { type: 'boolean', default: false },
  });
  const chosen = choose(only);
  const output = json ? process.stderr : process.stdout;
  const print = (line: string): void => void output.write(`${line}\n`);
  const settings = settingsFrom(process.env);
  const shop = new Shop(settings, orchestrated);
  await mustBeReady(settings);

  const all: Told[] = [];
  for (const [index, story] of chosen.entries()) {
    print(`${paintFor(output)(`${index + 1}/${chosen.length} ${story.title}`, 'bold')}`);
    const told = await story.told({ shop, say: (line) => print(`  ${line}`) });
    for (const line of verdict(told, paintFor(output))) print(line);
    all.push(told);
  }

  for (const line of ['', ...overview(all), '', ...howToFollow(all, shop)]) print(line);
  if (json)
    console.log(
      JSON.stringify({
        ok: all.every(isGood),
        orchestrated,
        stories: all.map((told) => ({ ok: isGood(told), ...told })),
      }),
    );
  const wrong = all.filter((told) => !isGood(told)).map(({ name }) => name);
  if (wrong.length > 0)
    throw new StartError([`Not as it must be: ${wrong.join(', ')}. What was expected and seen is above.`]);
  print(`\nAll ${all.length} stories ended as they must.`);
});

function choose(only: readonly string[]): typeof ALL {
  const unknown = only.filter((name) => !ALL.some((story) => story.name === name));
  const names = ALL.map(({ name }) => name).join(', ');
  if (unknown.length > 0) throw new StartError([`There is no story ${unknown.join(', ')}. There are: ${names}.`]);
  return only.length === 0 ? ALL : ALL.filter(({ name }) => only.includes(name));
}
