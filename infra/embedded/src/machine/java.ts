import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const oldestJava = 17;

/** A program to call, or the sentence that says what to do about its absence. */
export type Found = { readonly command: string } | { readonly fault: string };

/** Java from `JAVA_HOME`, else from `PATH`: the first that is new enough. */
export async function findJava(env: NodeJS.ProcessEnv = process.env, inPath = 'java'): Promise<Found> {
  const candidates = env.JAVA_HOME ? [path.join(env.JAVA_HOME, 'bin', 'java'), inPath] : [inPath];
  const seen: string[] = [];
  for (const command of candidates) {
    const version = await javaVersion(command);
    if (version !== undefined && version >= oldestJava) return { command };
    seen.push(`${command} ${version === undefined ? 'was not found' : `is version ${version}`}`);
  }
  return {
    fault:
      `Kafka and the registry need Java ${oldestJava} or newer; ${seen.join(', ')}. Install one (for example: apt install ` +
      `openjdk-${oldestJava}-jre-headless, or brew install openjdk@${oldestJava}) and put it into PATH or JAVA_HOME.`,
  };
}

/** `17` for "17.0.15", `8` for "1.8.0_402". */
async function javaVersion(command: string): Promise<number | undefined> {
  try {
    const { stderr, stdout } = await run(command, ['-version'], { timeout: 20_000 });
    const [, major, minor] = /version "(\d+)(?:\.(\d+))?/.exec(stderr + stdout) ?? [];
    return major === undefined ? undefined : Number(major === '1' ? minor : major);
  } catch {
    return undefined;
  }
}

/** Maven from `MAVEN_HOME`, else from `PATH`. */
export async function findMaven(env: NodeJS.ProcessEnv = process.env): Promise<Found> {
  const program = process.platform === 'win32' ? 'mvn.cmd' : 'mvn';
  const home = env.MAVEN_HOME || env.M2_HOME;
  for (const command of home ? [path.join(home, 'bin', program), program] : [program]) {
    const works = await run(command, ['-v'], { timeout: 20_000 }).then(
      () => true,
      () => false,
    );
    if (works) return { command };
  }
  return {
    fault:
      'Kafka and the registry are downloaded once with Maven, and mvn was not found. Install it (for example: apt install ' +
      'maven, or brew install maven) and put it into PATH.',
  };
}
