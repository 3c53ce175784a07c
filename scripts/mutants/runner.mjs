// A test runner for Stryker. Stryker's own for Jest loads every test file, and all that it imports, anew for each mutant:
// seconds each, since Jest's modules are not kept. This one loads them once and runs the tests again, milliseconds each,
// with the parts that Jest itself is made of (jest-circus, expect). Only mutants of code that runs while its module is
// loaded, such as a reaction table, are loaded anew: the sandbox's modules, not those of node_modules.
import { register } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { addEventHandler, getState, resetState, run, setState } from 'jest-circus';

/** Longer than any of these tests takes on a busy machine: a test that fails for its time alone would count as a killer. */
const TEST_TIMEOUT_MS = 60_000;
/** Stryker gives a mutant in a loop a hundred times as many rounds as the sound code takes, for tests that look for the smallest failing case; these do not. */
const ROUNDS_SHARE = 0.1;

class TroupeRunner {
  static inject = ['options'];
  #settings;
  #round = 0;
  /** A jest-circus state for each test file. */
  #files = [];
  /** The first of a run. */
  #failure;
  #isRunning = false;

  constructor({ troupe }) {
    this.#settings = troupe;
    globalThis.__stryker__ ??= {};
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    register(new URL('./sources.mjs', import.meta.url), {
      data: { sandbox: process.cwd(), packages: this.#settings.packages },
    });
    for (const event of ['uncaughtException', 'unhandledRejection'])
      process.on(event, (error) => this.#isRunning && this.#fails(error));
    addEventHandler((event, { file }) => {
      if (event.name === 'test_start') globalThis.__stryker__.currentTestId = idOf(file, event.test);
      if (event.name === 'test_done' || event.name === 'test_skip') globalThis.__stryker__.currentTestId = undefined;
      if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.#fails(event.error, event.test);
    });
  }

  async dryRun() {
    const context = globalThis.__stryker__;
    context.mutantCoverage = undefined;
    await this.#load();
    const { tests, failure } = await this.#run();
    if (failure !== undefined) return { status: 'error', errorMessage: failure.message };
    return { status: 'complete', tests, mutantCoverage: context.mutantCoverage };
  }

  async mutantRun({ activeMutant, mutantActivation, reloadEnvironment, testFilter, hitLimit: mostHits }) {
    const context = globalThis.__stryker__;
    const hitLimit = mostHits && Math.ceil(mostHits * ROUNDS_SHARE);
    Object.assign(context, { hitLimit, hitCount: hitLimit === undefined ? undefined : 0, activeMutant: undefined });
    if (mutantActivation === 'static') context.activeMutant = activeMutant.id;
    try {
      if (reloadEnvironment || this.#settings.anew || this.#files.length === 0) await this.#load();
      context.activeMutant = activeMutant.id;
      const { tests, failure } = await this.#run(testFilter);
      if (hitLimit !== undefined && context.hitCount > hitLimit) return { status: 'timeout', reason: 'Hit limit' };
      if (failure === undefined) return { status: 'survived', nrOfTests: tests.length };
      return { status: 'killed', killedBy: [failure.id], failureMessage: failure.message, nrOfTests: tests.length };
    } catch (error) {
      // Its module could not even be loaded, as `npm start` could not: whatever test looks first would see it.
      return { status: 'killed', killedBy: [this.#settings.tests[0]], failureMessage: String(error), nrOfTests: 1 };
    } finally {
      context.activeMutant = undefined;
    }
  }

  async #load() {
    this.#round += 1;
    this.#files = [];
    for (const file of this.#settings.tests) {
      resetState();
      await import(`${pathToFileURL(path.resolve(file)).href}?round=${this.#round}`);
      this.#files.push(Object.assign(getState(), { file, testTimeout: TEST_TIMEOUT_MS }));
    }
  }

  /** Runs tests, all or those of these ids, until one fails. */
  async #run(ids) {
    const wanted = ids && new Set(ids);
    const ran = [];
    this.#failure = undefined;
    this.#isRunning = true;
    for (const state of this.#files) {
      const tests = testsOf(state.rootDescribeBlock);
      for (const test of tests) {
        test.errors = [];
        test.wasSkipped ??= test.mode === 'skip';
        test.mode = test.wasSkipped || wanted?.has(idOf(state.file, test)) === false ? 'skip' : undefined;
      }
      const chosen = tests.filter(({ mode }) => mode !== 'skip');
      if (chosen.length === 0) continue;
      setState(state);
      await run();
      ran.push(...chosen.map((test) => resultOf(state.file, test)));
      if (this.#failure !== undefined) break;
    }
    // What a mutant has left behind is to be its own failure, not that of the next.
    await new Promise((resolve) => setImmediate(resolve));
    this.#isRunning = false;
    return { tests: ran, failure: this.#failure };
  }

  /** The rest of the run is not needed. */
  #fails(error, test) {
    const { file, rootDescribeBlock } = getState();
    const message = error instanceof Error ? error.message : String(error);
    this.#failure ??= { id: test === undefined ? file : idOf(file, test), message };
    for (const other of testsOf(rootDescribeBlock)) other.mode = 'skip';
  }
}

const testsOf = ({ children }) => children.flatMap((child) => (child.type === 'test' ? [child] : testsOf(child)));

/** The words of a test and of all that it stands in, behind its file. */
function idOf(file, test) {
  const names = [];
  for (let at = test; at?.parent !== undefined; at = at.parent) names.unshift(at.name);
  return `${file} ${names.join(' ')}`;
}

function resultOf(file, test) {
  const id = idOf(file, test);
  return { id, name: id, fileName: path.resolve(file), timeSpentMs: test.duration ?? 0, status: 0 };
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'troupe', injectableClass: TroupeRunner }];
