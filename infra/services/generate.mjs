import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findServices, otherPorts } from './find.mjs';

// Writes the services that there are as TypeScript, so that a wrong name does not compile.

const target = fileURLToPath(new URL('./src/generated/services.ts', import.meta.url));
const services = findServices();

mkdirSync(fileURLToPath(new URL('./src/generated/', import.meta.url)), { recursive: true });
writeFileSync(
  target,
  `// Written by \`npm run generate\` from services/*/package.json; change those instead.

/** Every service, in the order in which they are shown: by port. */
export const serviceNames = [${services.map(({ name }) => `'${name}'`).join(', ')}] as const;

/** The port of each service when nothing else is set. */
export const servicePorts = {
${services.map(({ name, port }) => `  ${name}: ${port},\n`).join('')}} as const;

/** What each service does, in a sentence. */
export const serviceDocs = {
${services.map(({ name, doc }) => `  ${name}: ${JSON.stringify(doc)},\n`).join('')}} as const;

/** The ports of whatever is no service. */
export const otherPorts = ${JSON.stringify(otherPorts, undefined, 2)} as const;
`,
);
