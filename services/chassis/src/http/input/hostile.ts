import type { FieldFault } from '../../rules/failure.ts';
import { unstorable } from '../../rules/text-faults.ts';

/** Deeper than any request of ours; code that walks the value may recurse. */
const MAX_DEPTH = 32;
const MAX_FAULTS = 20;

/** `shape`: the JSON itself is not acceptable (400); else one of its values is not (422). */
export interface Fault extends FieldFault {
  readonly shape: boolean;
}

/** What no request may hold: text that no column can keep, keys that reach into prototypes, nesting without end. */
export function hostileParts(value: unknown, fieldOf: (path: readonly PropertyKey[]) => string): readonly Fault[] {
  const faults: Fault[] = [];
  const path: PropertyKey[] = [];
  const fault = (message: string, shape: boolean): void => {
    if (faults.length < MAX_FAULTS) faults.push({ field: fieldOf(path), message, shape });
  };

  const walk = (part: unknown): void => {
    if (typeof part === 'string') {
      const wrong = unstorable(part);
      if (wrong !== undefined) fault(wrong, false);
    } else if (typeof part === 'object' && part !== null) {
      if (path.length < MAX_DEPTH) walkMembers(part as Record<string, unknown>);
      else fault(`must not be nested deeper than ${MAX_DEPTH} levels`, true);
    }
  };
  const walkMembers = (members: Record<string, unknown>): void => {
    for (const key of Object.keys(members)) {
      path.push(key);
      const wrong = key === '__proto__' ? 'is not a known field; remove it' : unstorable(key);
      if (wrong === undefined) walk(members[key]);
      else fault(wrong, true);
      path.pop();
    }
  };
  walk(value);
  return faults;
}
