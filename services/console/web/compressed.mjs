import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib';

const TEXT = /\.(?:css|html|js|json|svg|txt|webmanifest)$/;
/** Below this the headers of a compressed answer weigh as much as what is saved. */
const WORTH_BYTES = 512;

/**
 * Writes `<file>.br` and `<file>.gz` beside each text of the built page, as small as they get. So the server sends files and
 * compresses nothing.
 * @returns {import('vite').Plugin}
 */
export function compressed() {
  let folder = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved: (config) => {
      folder = path.resolve(config.root, config.build.outDir);
    },
    closeBundle: () => {
      for (const name of readdirSync(folder, { recursive: true })) compress(path.join(folder, String(name)));
    },
  };
}

/** @param {string} file */
function compress(file) {
  if (!TEXT.test(file) || statSync(file).size < WORTH_BYTES) return;
  const bytes = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [zlib.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
}
