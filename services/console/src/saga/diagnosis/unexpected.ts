import { strong } from '../words.ts';
import type { Case, Found } from './case.ts';

interface Undeclared {
  readonly type: string;
  readonly service: string | null;
  readonly after: string | null;
}

/** An event that no table of this build declares where it stands. The saga goes on; the tables do not say how. */
export function unexpectedEvent({ isMany }: Case, { type, service, after }: Undeclared): Found {
  const where = after === null ? 'where it stands' : `after ${strong(after)}`;
  const who = service === null ? '' : `: ${service} said it`;
  return {
    service,
    sentence: `${strong(type)} is not declared ${where}${isMany ? '' : who}.`,
    known: 'No reaction table of this build allows it. Another build may have said it, or a foreign producer.',
    remedy:
      'Compare the version of the service that said it with this build: npm run choreography shows what is declared.',
    actions: [{ kind: 'link', label: 'Open the map', href: `/map?event=${encodeURIComponent(type)}` }],
    about: type,
    tone: 'caution',
  };
}
