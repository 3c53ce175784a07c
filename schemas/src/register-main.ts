import { IncompatibleSchemas, type Registration, registerSchemas } from './register.ts';

// `npm run register`: REGISTRY_URL says where. Exit code 1 when a schema was refused or the registry did not answer.

try {
  print(await registerSchemas({ registryUrl: process.env.REGISTRY_URL ?? 'http://localhost:8081/apis/ccompat/v7' }));
} catch (error) {
  if (error instanceof IncompatibleSchemas) print(error.registrations);
  console.error((error as Error).message);
  process.exitCode = 1;
}

function print(registrations: readonly Registration[]): void {
  for (const { subject, outcome } of registrations) console.log(`${outcome.padEnd(12)} ${subject}`);
}
