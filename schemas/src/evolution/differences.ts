import { type AvroEnum, type AvroNamed, type AvroRecord, type AvroTree, unqualified } from '../avro-tree.ts';

export type DifferenceCode =
  | 'FIELD_MISSING'
  | 'TYPE_CHANGED'
  | 'SYMBOL_UNKNOWN'
  | 'UNION_CHANGED'
  | 'NAME_CHANGED'
  | 'ALIAS_AMBIGUOUS'
  | 'MEANING_CHANGED';

/** A place where a reader cannot take what a writer writes. */
export interface Difference {
  readonly code: DifferenceCode;
  /** The reader's field: `items.quantity`. Empty for the record itself. */
  readonly field: string;
  /** What the writer has there. */
  readonly written: string;
  /** What the reader has there. */
  readonly read: string;
}

/**
 * Where and why Avro's rules let a reader not read what a writer writes, as avsc applies them, and where both fit although
 * the number means something else (`MEANING_CHANGED`). Explains only: whether a pair fits is avsc's decision.
 */
export function differences(written: AvroTree, read: AvroTree): readonly Difference[] {
  return new Comparing().of(written, read, '');
}

/** Of which avsc says nothing. */
export const isMeaningOnly = ({ code }: Difference): boolean => code === 'MEANING_CHANGED';

/** What a reader of the key may be written as. */
const PROMOTIONS: Readonly<Record<string, readonly string[]>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  string: ['bytes'],
  bytes: ['string'],
};

type Resolved = Exclude<AvroTree, { kind: 'reference' }>;
type Union = Extract<Resolved, { kind: 'union' }>;

class Comparing {
  /** Pairs of records under way, or done: a recursive one is compared once. */
  readonly #seen: Set<string>;

  constructor(seen: Iterable<string> = []) {
    this.#seen = new Set(seen);
  }

  of(written: AvroTree, read: AvroTree, field: string): readonly Difference[] {
    const w = resolved(written);
    const r = resolved(read);
    if (w.kind === 'union') return w.branches.flatMap((branch) => this.#fromBranch(branch, r, field));
    if (r.kind === 'union') return this.#intoUnion(w, r, field);
    if (w.kind === 'record' && r.kind === 'record') return this.#records(w, r, field);
    if ((w.kind === 'array' || w.kind === 'map') && r.kind === w.kind) return this.of(w.of, r.of, field);
    if (w.kind === 'enum' && r.kind === 'enum') return enums(w, r, field);
    if (w.kind === 'fixed' && r.kind === 'fixed' && w.size === r.size) return names(w, r, field);
    const isRead = w.kind === r.kind ? isPrimitive(w) : PROMOTIONS[r.kind]?.includes(w.kind);
    if (!isRead) return [{ code: 'TYPE_CHANGED', field, written: shown(w), read: shown(r) }];
    return meaningOf(w) === meaningOf(r)
      ? []
      : [{ code: 'MEANING_CHANGED', field, written: meaningOf(w), read: meaningOf(r) }];
  }

  /** What a writer may choose, a reader has to take: each branch. */
  #fromBranch(branch: AvroTree, read: Resolved, field: string): readonly Difference[] {
    const found = this.of(branch, read, field);
    const fits = found.every(isMeaningOnly) || found.some((one) => one.field !== field);
    return fits ? found : [{ code: 'UNION_CHANGED', field, written: shown(resolved(branch)), read: shown(read) }];
  }

  /** The first branch that fits. Where none does, the one of the same kind tells most. */
  #intoUnion(written: Resolved, read: Union, field: string): readonly Difference[] {
    const perBranch = read.branches.map((branch) => {
      return { branch, found: new Comparing(this.#seen).of(written, branch, field) };
    });
    const fitting = perBranch.find(({ found }) => found.every(isMeaningOnly));
    if (fitting !== undefined) return fitting.found;
    const alike = perBranch.find(({ branch }) => resolved(branch).kind === written.kind);
    return alike?.found ?? [{ code: 'UNION_CHANGED', field, written: shown(written), read: shown(read) }];
  }

  #records(written: AvroRecord, read: AvroRecord, at: string): readonly Difference[] {
    const pair = `${written.name}:${read.name}`;
    if (this.#seen.has(pair)) return [];
    this.#seen.add(pair);
    const perField = read.fields.flatMap((field) => {
      const place = at === '' ? field.name : `${at}.${field.name}`;
      const called = new Set([field.name, ...field.aliases]);
      const [match, ...more] = written.fields.filter(({ name }) => called.has(name));
      if (match === undefined) return field.hasDefault ? [] : [missing(place, field.type, written, read)];
      if (more.length > 0) return [ambiguous(place, [match, ...more])];
      return this.of(match.type, field.type, place);
    });
    return [...names(written, read, at), ...perField];
  }
}

/** `written` lists the fields that only the writer has and that are of the same type: one may be this one, renamed. */
function missing(field: string, type: AvroTree, written: AvroRecord, read: AvroRecord): Difference {
  const known = new Set(read.fields.flatMap(({ name, aliases }) => [name, ...aliases]));
  const alike = written.fields.filter(
    (one) => !known.has(one.name) && shown(resolved(one.type)) === shown(resolved(type)),
  );
  return {
    code: 'FIELD_MISSING',
    field,
    written: alike.map(({ name }) => name).join(', '),
    read: shown(resolved(type)),
  };
}

const ambiguous = (field: string, fields: AvroRecord['fields']): Difference => ({
  code: 'ALIAS_AMBIGUOUS',
  field,
  written: fields.map(({ name }) => name).join(' and '),
  read: field,
});

function names(written: AvroNamed, read: AvroNamed, field: string): Difference[] {
  const known = [read.name, ...read.aliases].map(unqualified);
  if (known.includes(unqualified(written.name))) return [];
  return [{ code: 'NAME_CHANGED', field, written: unqualified(written.name), read: unqualified(read.name) }];
}

function enums(written: AvroEnum, read: AvroEnum, field: string): Difference[] {
  const unknown = written.symbols.filter((symbol) => !read.symbols.includes(symbol));
  const named = names(written, read, field);
  if (unknown.length === 0 || read.fallback !== undefined) return named;
  return [...named, { code: 'SYMBOL_UNKNOWN', field, written: unknown.join(', '), read: read.symbols.join(', ') }];
}

const resolved = (tree: AvroTree): Resolved => (tree.kind === 'reference' ? tree.to() : tree);

const isPrimitive = (tree: Resolved): boolean => !('name' in tree || 'of' in tree || 'branches' in tree);

const meaningOf = (tree: Resolved): string => ('logical' in tree && tree.logical !== undefined ? tree.logical : 'none');

/** `["null", long]` */
function shown(tree: Resolved): string {
  switch (tree.kind) {
    case 'union':
      return `[${tree.branches.map((branch) => shown(resolved(branch))).join(', ')}]`;
    case 'array':
    case 'map':
      return `${tree.kind} of ${shown(resolved(tree.of))}`;
    case 'record':
    case 'enum':
    case 'fixed':
      return `${tree.kind} ${unqualified(tree.name)}`;
    default:
      return tree.kind;
  }
}
