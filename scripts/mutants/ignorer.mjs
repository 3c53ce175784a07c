// What Stryker leaves alone: changing it changes no decision.

/** Words for people: sentences of errors, reasons, logs. Codes, names and statuses have no space in them, and are changed. */
function isSentence(path) {
  if (path.isStringLiteral()) return path.node.value.includes(' ');
  return path.isTemplateLiteral() && path.node.quasis.some(({ value }) => value.raw.includes(' '));
}

/** `default: return status satisfies never`: the compiler proves that nothing gets there. */
function isUnreachable(path) {
  return path.isSwitchCase() && path.node.test === null && path.toString().includes('satisfies never');
}

/** `log.warn(…)`, `this.#log.info(…)` */
function isLogLine(path) {
  return path.isCallExpression() && /(^|[.#])log\.(debug|info|warn|error)$/.test(path.get('callee').toString());
}

/** `failpoint('before-commit')`: a place to be killed at, which only tests on real processes reach. */
const isFailpoint = (path) => path.isCallExpression() && path.get('callee').toString() === 'failpoint';

const reasons = [
  [isSentence, 'words for people'],
  [isUnreachable, 'the compiler proves that nothing gets here'],
  [isLogLine, 'a line of the log'],
  [isFailpoint, 'a place to be killed at'],
];

const ignorer = {
  shouldIgnore: (path) => reasons.find(([applies]) => applies(path))?.[1],
};

export const strykerPlugins = [{ kind: 'Ignore', name: 'troupe', value: ignorer }];
