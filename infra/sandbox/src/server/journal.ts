import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { log } from './log.ts';

const NEWLINE = 0x0a;
const CHUNK_BYTES = 1 << 20;

interface Waiting {
  readonly line: string;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * An append-only file of JSON lines.
 *
 * `append` resolves when the line is on the disk (written and `fdatasync`ed), so an answer that is sent afterwards
 * survives `kill -9` and a loss of power. Lines that arrive while a flush runs share the next one: throughput grows
 * with concurrency. One process per file: callers bind their port first.
 */
export class Journal<Entry> {
  readonly #path: string;
  readonly #rotateAfter: number;
  #file: FileHandle;
  #bytes: number;
  #lines: number;
  #queue: Waiting[] = [];
  #flushing: Promise<void> | undefined;

  private constructor(path: string, rotateAfter: number, file: FileHandle, found: { bytes: number; lines: number }) {
    this.#path = path;
    this.#rotateAfter = rotateAfter;
    this.#file = file;
    this.#bytes = found.bytes;
    this.#lines = found.lines;
  }

  /**
   * Opens or creates the file and gives every entry in it to `replay`, oldest first. A torn last line was
   * never acknowledged; it is cut off with a note in the log.
   *
   * @param rotateAfter lines after which the file becomes `<path>.1`, replacing the one before, so that at least this
   *   many of the newest entries are kept. Default: never.
   * @throws Error when a line before the last is not JSON: the file was damaged, and nothing is changed.
   */
  static async open<Entry>(
    path: string,
    replay: (entry: Entry) => void,
    rotateAfter = Number.POSITIVE_INFINITY,
  ): Promise<Journal<Entry>> {
    if (Number.isFinite(rotateAfter)) await readOlder(`${path}.1`, replay);
    const file = await open(path, 'a+');
    try {
      await syncFolder(path);
      const found = await readEntries(path, file, replay);
      await cutOff(path, file, found.bytes);
      return new Journal<Entry>(path, rotateAfter, file, found);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Rejects when the line could not be stored; the file then ends where it did before, and later lines may succeed. */
  append(entry: Entry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ line: `${JSON.stringify(entry)}\n`, resolve, reject });
      this.#flushing ??= this.#flushAll();
    });
  }

  /** Waits for what was appended. */
  async close(): Promise<void> {
    await this.#flushing;
    await this.#file.close();
  }

  async #flushAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const group = this.#queue;
      this.#queue = [];
      try {
        await this.#flush(group);
        for (const waiting of group) waiting.resolve();
      } catch (error) {
        for (const waiting of group) waiting.reject(error);
      }
    }
    this.#flushing = undefined;
  }

  async #flush(group: readonly Waiting[]): Promise<void> {
    const bytes = Buffer.from(group.map((waiting) => waiting.line).join(''));
    try {
      await this.#file.appendFile(bytes);
      await this.#file.datasync();
    } catch (error) {
      await this.#file.truncate(this.#bytes);
      throw error;
    }
    this.#bytes += bytes.length;
    this.#lines += group.length;
    if (this.#lines >= this.#rotateAfter) await this.#rotate();
  }

  /** A failure here costs nothing: the lines are stored, and the next flush tries again. */
  async #rotate(): Promise<void> {
    try {
      await rename(this.#path, `${this.#path}.1`);
      const next = await open(this.#path, 'a+');
      await syncFolder(this.#path);
      await this.#file.close();
      this.#file = next;
      this.#bytes = 0;
      this.#lines = 0;
    } catch (error) {
      log('warn', `could not begin a new file: ${String(error)}`, { path: this.#path });
    }
  }
}

/** Makes the creation or renaming of a file in this folder durable. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function cutOff(path: string, file: FileHandle, end: number): Promise<void> {
  const { size } = await file.stat();
  if (size === end) return;
  await file.truncate(end);
  log('warn', `cut off ${size - end} bytes of a torn last line; nobody was answered for it`, { path });
}

async function readOlder<Entry>(path: string, replay: (entry: Entry) => void): Promise<void> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return;
  await readEntries(path, file, replay);
  await file.close();
}

/** Replays whole lines; `bytes` is where the last good one ends. Reads in pieces, so memory does not grow with the file. */
async function readEntries<Entry>(path: string, file: FileHandle, replay: (entry: Entry) => void) {
  const found = { bytes: 0, lines: 0 };
  const { size } = await file.stat();
  let rest: Buffer = Buffer.alloc(0);
  for (let position = 0; position < size; ) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, start)) {
      const entry = parse<Entry>(rest.toString('utf8', start, end));
      const last = position === size && end === rest.length - 1;
      if (entry === undefined && last) return found;
      if (entry === undefined) throw damaged(path, found.lines + 1);
      replay(entry);
      found.bytes += end + 1 - start;
      found.lines += 1;
      start = end + 1;
    }
    rest = rest.subarray(start);
  }
  return found;
}

function parse<Entry>(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}

function damaged(path: string, line: number): Error {
  return new Error(
    `Line ${line} of ${path} is not JSON: the file is damaged. Move it away to begin with an empty one.`,
  );
}
