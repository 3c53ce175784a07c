import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectHome } from '@troupe/embedded';
import type { Count } from './tally.ts';

/** Compiles the tests against the built packages; the packages themselves were compiled by the build. */
export const checkTypes = (): Promise<Count> => check('tsc', ['-p', 'tsconfig.test.json']);

/** The same for tests of the console, which know what a browser has. */
export const checkPageTypes = (): Promise<Count> => check('tsc', ['-p', 'services/console/test/tsconfig.json']);

/** Lint and format. */
export const checkFormat = (): Promise<Count> => check('biome', ['ci', '--reporter=summary', '.']);

/** Who imports whom: `.dependency-cruiser.mjs`. */
export const checkImports = (): Promise<Count> => check('depcruise', ['services', 'schemas', 'infra', 'scripts']);

async function check(tool: string, args: readonly string[]): Promise<Count> {
  const code = await run(path.join(projectHome, 'node_modules/.bin', tool), args);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Runs a program in the project's folder, its output on ours. Resolves with its exit code. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: projectHome, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
