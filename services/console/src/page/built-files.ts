import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** One file of the built page, with what was compressed at build time. */
export interface BuiltFile {
  readonly contentType: string;
  /** Its name holds the hash of its content: it never changes. */
  readonly immutable: boolean;
  /** The smallest first. */
  readonly forms: readonly BuiltForm[];
}

interface BuiltForm {
  readonly encoding: 'br' | 'gzip' | 'identity';
  readonly bytes: Buffer;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const SUFFIXES = { br: '.br', gzip: '.gz', identity: '' } as const;

/** The built page in memory, by path: `/assets/index-B2c9.js`. It is read again after a new build. */
export class BuiltFiles {
  readonly #folder: string;
  #builtAt = 0;
  #files: ReadonlyMap<string, BuiltFile> = new Map();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined where there is no such file. */
  at(urlPath: string): BuiltFile | undefined {
    return this.#files.get(urlPath);
  }

  /** The page itself; undefined when it was not built. Looks whether it was built anew. */
  index(): BuiltFile | undefined {
    const builtAt = modifiedAt(path.join(this.#folder, 'index.html'));
    if (builtAt !== this.#builtAt) {
      this.#files = builtAt === 0 ? new Map() : readAll(this.#folder);
      this.#builtAt = builtAt;
    }
    return this.#files.get('/index.html');
  }
}

const modifiedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function readAll(folder: string): ReadonlyMap<string, BuiltFile> {
  const names = readdirSync(folder, { recursive: true }).map((name) => String(name).replaceAll(path.sep, '/'));
  return new Map(
    names.flatMap((name) => {
      const contentType = CONTENT_TYPES[path.extname(name)];
      if (contentType === undefined) return [];
      const immutable = name.startsWith('assets/');
      return [[`/${name}`, { contentType, immutable, forms: formsOf(path.join(folder, name)) }] as const];
    }),
  );
}

function formsOf(file: string): readonly BuiltForm[] {
  return (['br', 'gzip', 'identity'] as const).flatMap((encoding) => {
    const name = file + SUFFIXES[encoding];
    return existsSync(name) ? [{ encoding, bytes: readFileSync(name) }] : [];
  });
}
