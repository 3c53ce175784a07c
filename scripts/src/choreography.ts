import { check, theChoreography, writeDocuments } from '@troupe/choreography';
import { projectHome, StartError } from '@troupe/embedded';
import { checkLines } from './choreography/check-lines.ts';
import { impactLines, impactMarkdown } from './choreography/impact-lines.ts';
import { mapLines } from './choreography/map-lines.ts';
import { impactSince } from './choreography/since.ts';
import { storyLines } from './choreography/story-lines.ts';
import { outputOf, runCommand } from './terminal/command.ts';
import { oneOf, readOptionsAndWords } from './terminal/options.ts';
import { paintFor } from './terminal/paint.ts';

const USAGE = `Usage: npm run choreography -- [name] [options]

Prints the choreography: who hears what, what each service says because of it and by when, what undoes what, and where a saga
ends. It is read from the reaction tables and the schemas; nothing is started. With a name (an event, a service, a call, a timer
or a command), all that may follow from it and all that may lead to it.

  --style <style>     choreographed (the default), orchestrated or both
  --check             judge it: events that nobody hears, circles, effects that nothing undoes, deadlines that are too short
  --since <revision>  what has changed since a revision of git, which services that concerns, and which sagas in flight
  --markdown          with --since: for the description of a pull request
  --write             write docs/choreography.md, docs/choreography.json, docs/asyncapi.yaml and the diagram of the README
  --json              one JSON document on standard output; docs/choreography.schema.json describes that of the map
  --help              this text

--check ends with 1 when something is to be mended. What is right though a check finds it stands, with its reason, in
services/choreography/src/checks/allowed.ts.`;

await runCommand(async () => {
  const { options, words } = readOptionsAndWords(USAGE, {
    style: { type: 'string', default: 'choreographed' },
    check: { type: 'boolean', default: false },
    since: { type: 'string' },
    markdown: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const { check: judged, since, markdown, write } = options;
  if ([words.length > 0, judged, write, since !== undefined].filter(Boolean).length > 1) {
    throw new StartError(['Give a name, --check, --write or --since <revision>: one of them at a time.']);
  }
  if (markdown && since === undefined)
    throw new StartError(['--markdown is the form of --since <revision>: give both.']);
  const style = oneOf('style', ['choreographed', 'orchestrated', 'both'], options.style);
  const { result } = outputOf(options.json);
  const paint = paintFor(process.stdout);
  const map = await theChoreography();
  if (write) {
    const written = writeDocuments(projectHome, map);
    result(
      { written },
      written.length === 0 ? ['Everything was up to date.'] : written.map((file) => `Wrote ${file}.`),
    );
  } else if (judged) {
    const verdict = check(map);
    result(verdict, checkLines(verdict, paint));
    if (verdict.faults.length > 0) process.exitCode = 1;
  } else if (since !== undefined) {
    const impact = await impactSince(since, map);
    result(impact, markdown ? impactMarkdown(impact, since) : impactLines(impact, since, paint));
  } else {
    result(map, words.length === 0 ? mapLines({ map, paint }, style) : storyLines({ map, paint }, words, style));
  }
});
