import { readFileSync } from 'node:fs';

/** A stage of a Dockerfile. */
export interface Stage {
  readonly name: string;
  readonly from: string;
  /** The instructions, one a line. */
  readonly lines: readonly string[];
}

/** The stages of infra/images/Dockerfile by their names. */
export function stagesOf(text = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8')): Map<string, Stage> {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
  const stages = new Map<string, Stage>();
  let stage: { name: string; from: string; lines: string[] } | undefined;
  for (const line of lines) {
    const [, from, name] = /^FROM (\S+) AS (\S+)$/.exec(line) ?? [];
    if (from !== undefined && name !== undefined) {
      stage = { name, from, lines: [] };
      stages.set(name, stage);
    } else stage?.lines.push(line);
  }
  return stages;
}

/** The instructions that an image of this stage has, those of the stages below included, the lowest first. */
export function inherited(stages: ReadonlyMap<string, Stage>, name: string): string[] {
  const stage = stages.get(name);
  return stage === undefined ? [] : [...inherited(stages, stage.from), ...stage.lines];
}
