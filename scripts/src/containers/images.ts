import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectHome, type Reporter, StartError } from '@troupe/embedded';
import { build, labels } from '../images/build.ts';
import { targets } from '../images/targets.ts';
import { run } from '../test/checks.ts';
import { docker } from './docker.ts';

/**
 * By their names at `infra/images/stand-ins/make.sh`, and how their image begins. That of Prometheus is built for ten minutes; who
 * wants it makes it by hand.
 */
const STAND_INS = {
  base: 'node:',
  postgres: 'postgres:',
  kafka: 'apache/kafka:',
  registry: 'apicurio/apicurio-registry:',
  jaeger: 'jaegertracing/jaeger:',
  debezium: 'quay.io/debezium/connect:',
} as const;

/**
 * Brings every image that the tests start. What is there stays; what can be pulled is pulled; for the rest a stand-in is
 * made. Ours are built, on whatever base there is then. @throws StartError when one cannot be had
 */
export async function bringImages(report: Reporter, signal: AbortSignal): Promise<void> {
  const missing = await report.step('Images of others', async (update) => {
    const left: string[] = [];
    for (const image of await imagesOfOthers()) {
      if ((await isThere(image)) || (await pulled(image, update))) continue;
      left.push(image);
    }
    return left;
  });
  const standIns = Object.entries(STAND_INS).filter(([, begin]) => missing.some((image) => image.startsWith(begin)));
  if (standIns.length > 0) {
    report.note(`Cannot be pulled: ${missing.join(', ')}. Stand-ins: ${standIns.map(([name]) => name).join(', ')}.`);
    await makeStandIns(standIns.map(([name]) => name));
  }
  // Where images cannot be pulled, the network of containers may not reach npm's registry either.
  const network = (await isStandIn(baseImage())) ? 'host' : undefined;
  const building = { base: undefined, network, labels: await labels(), signal };
  for (const target of targets) {
    await report.step(`troupe/${target.name}`, (update) => build(target, building, update));
  }
}

/** The image that a file of infra/compose names for this repository. */
export function imageOf(repository: string): string {
  const folder = path.join(projectHome, 'infra/compose');
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  const text = files.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n');
  return new RegExp(`image: (${repository}:\\S+)`).exec(text)?.[1] ?? '';
}

/** Whether the engine has an image of this name. */
export async function isThere(image: string): Promise<boolean> {
  return docker(['image', 'inspect', '--format', '{{.Id}}', image]).then(
    () => true,
    () => false,
  );
}

async function pulled(image: string, update: (line: string) => void): Promise<boolean> {
  update(`pulling ${image}`);
  return docker(['pull', '--quiet', image]).then(
    () => true,
    () => false,
  );
}

/** The base of ours, and what the compose files name. Those that nobody can make here are not waited for. */
async function imagesOfOthers(): Promise<readonly string[]> {
  const file = path.join(projectHome, 'compose.yaml');
  const listed = await docker(['compose', '--file', file, '--profile', '*', 'config', '--images']);
  return [baseImage(), ...listed.split('\n').filter((image) => image !== '' && !image.startsWith('troupe/'))];
}

function baseImage(): string {
  const text = readFileSync(path.join(projectHome, 'infra/images/Dockerfile'), 'utf8');
  return /^ARG BASE=(\S+)$/m.exec(text)?.[1] ?? '';
}

/** One that was pulled knows the registry that it came from. */
const isStandIn = async (image: string): Promise<boolean> =>
  (await docker(['image', 'inspect', '--format', '{{len .RepoDigests}}', image])).trim() === '0';

async function makeStandIns(names: readonly string[]): Promise<void> {
  const script = path.join(projectHome, 'infra/images/stand-ins/make.sh');
  const code = await run('bash', [script, ...names]);
  if (code !== 0) throw new StartError([`The stand-ins ${names.join(', ')} could not be made; the reason is above.`]);
}
