import { DomainError } from '@troupe/chassis';
import { type Asked, ask } from './json-page.ts';
import type { AskedService } from './services.ts';

const PATIENCE_MS = 5_000;

/** A page of a service, as it says it. @throws DomainError with the service's own problem, or 503 SERVICE_AWAY */
export async function servicePage<Page>(
  { name, url }: AskedService,
  path: string,
  asked: Omit<Asked, 'withinMs'> & { readonly withinMs?: number } = {},
): Promise<Page> {
  const heard = await ask(`${url}${path}`, { withinMs: PATIENCE_MS, ...asked });
  if (heard.kind === 'no answer') throw away(name, heard.reason);
  if (heard.status >= 300) throw refused(name, heard.status, heard.body);
  return heard.body as Page;
}

/** Pages of several services: those that answered, and a sentence for each that did not. */
export async function everywhere<Page>(
  services: readonly AskedService[],
  path: string,
  missing: string,
): Promise<{
  readonly pages: readonly { readonly service: AskedService; readonly page: Page }[];
  readonly gaps: readonly string[];
}> {
  const heard = await Promise.all(
    services.map(async (service) => {
      try {
        return { service, page: await servicePage<Page>(service, path) };
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        return `${error.message} ${missing}`;
      }
    }),
  );
  return {
    pages: heard.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    gaps: heard.flatMap((one) => (typeof one === 'string' ? [one] : [])),
  };
}

/** @throws DomainError 404 */
export function serviceNamed(services: readonly AskedService[], name: string): AskedService {
  const found = services.find((service) => service.name === name);
  if (found !== undefined) return found;
  throw new DomainError({
    status: 404,
    code: 'SERVICE_UNKNOWN',
    title: 'There is no such service',
    detail: `${name} is none of the services: ${services.map((service) => service.name).join(', ')}.`,
  });
}

const away = (name: string, reason: string): DomainError =>
  new DomainError({
    status: 503,
    code: 'SERVICE_AWAY',
    title: `${name} does not answer`,
    detail: `${name} does not answer (${reason}).`,
  });

/** Problem details of the service, RFC 9457, passed on in its words. */
function refused(name: string, status: number, body: unknown): DomainError {
  const { title, detail, code } = (body ?? {}) as Readonly<Record<string, unknown>>;
  return new DomainError({
    status: status < 500 ? status : 502,
    code: typeof code === 'string' ? code : `HTTP_${status}`,
    title: typeof title === 'string' ? title : `${name} refused it`,
    detail: typeof detail === 'string' ? detail : `${name} answered ${status}.`,
  });
}
