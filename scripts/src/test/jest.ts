import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeRuntime } from '@troupe/embedded';
import { run } from './checks.ts';
import type { Count } from './tally.ts';

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

const JEST = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];

/**
 * Runs the test files of some kinds whose path contains one of `only`, and counts. A file that cannot be run counts as a
 * failure. No worker is restarted and no test retried.
 */
export async function runJest(
  kinds: readonly string[],
  only: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Count> {
  const folder = mkdtempSync(path.join(tmpdir(), 'troupe-jest-'));
  const output = path.join(folder, 'report.json');
  const options = ['--json', `--outputFile=${output}`, '--passWithNoTests', '--maxWorkers=2'];
  try {
    const args = [...JEST, ...only, ...options, '--selectProjects', ...kinds];
    await run(nodeRuntime().command, args, { ...process.env, ...env });
    const report = JSON.parse(readFileSync(output, 'utf8')) as JestReport;
    return { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites };
  } catch (error) {
    console.error(`The tests could not be run: ${error instanceof Error ? error.message : String(error)}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
