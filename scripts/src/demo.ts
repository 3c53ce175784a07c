import { StartError, settingsFrom } from '@troupe/embedded';
import { playStory, type Scene } from './demo/play-story.ts';
import { howToFollow, overview, verdict } from './demo/report.ts';
import { playRush, rush } from './demo/rush.ts';
import { Shop } from './demo/shop.ts';
import { stories } from './demo/stories.ts';
import { isGood, type StoryResult } from './demo/story-result.ts';
import { mustBeReady } from './stack/ready.ts';
import { runCommand } from './terminal/command.ts';
import { readOptions } from './terminal/options.ts';
import { paintFor } from './terminal/paint.ts';

const ALL: readonly { name: string; title: string; play(scene: Scene): Promise<StoryResult> }[] = [
  ...stories.map((story) => ({ ...story, play: (scene: Scene) => playStory(story, scene) })),
  { ...rush, play: playRush },
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

  const all: StoryResult[] = [];
  for (const [index, story] of chosen.entries()) {
    print(`${paintFor(output)(`${index + 1}/${chosen.length} ${story.title}`, 'bold')}`);
    const result = await story.play({ shop, say: (line) => print(`  ${line}`) });
    for (const line of verdict(result, paintFor(output))) print(line);
    all.push(result);
  }

  for (const line of ['', ...overview(all), '', ...howToFollow(all, shop)]) print(line);
  if (json)
    console.log(
      JSON.stringify({
        ok: all.every(isGood),
        orchestrated,
        stories: all.map((result) => ({ ok: isGood(result), ...result })),
      }),
    );
  const wrong = all.filter((result) => !isGood(result)).map(({ name }) => name);
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
