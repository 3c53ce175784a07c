import { randomUUID } from 'node:crypto';
import { ask } from '../asking/json-page.ts';
import type { AskedService } from '../asking/services.ts';
import type { ActResult } from '../contract/work.ts';
import { type Act, type ActRequest, missing, type Params, unknownAct } from './act.ts';
import { ACTS, actNamed } from './table.ts';

/** Longer than a service holds a command, so that its answer is heard. */
const PATIENCE_MS = 25_000;

export interface Asking {
  readonly operator: string;
  readonly reason: string | undefined;
  /** Sent on: asked twice with one key, it is done once. */
  readonly idempotencyKey: string | undefined;
}

/**
 * Does one act of the table, in the name of an operator. A service that refuses, or does not answer, is a result with a sentence.
 *
 * @throws DomainError 404 ACT_UNKNOWN, 400 ACT_INCOMPLETE
 */
export async function perform(
  services: readonly AskedService[],
  name: string,
  params: Params,
  { operator, reason, idempotencyKey }: Asking,
): Promise<ActResult> {
  const act = actNamed(name);
  const names = ACTS.map((one) => one.name);
  if (act === undefined) throw unknownAct(name, names);
  const service = checked(act, params, reason, services);
  const request = act.request(params, reason);
  const heard = await ask(`${service.url}${request.path}`, {
    method: 'POST',
    body: request.body,
    headers: { ...request.headers, 'x-operator': operator, 'idempotency-key': idempotencyKey ?? randomUUID() },
    withinMs: PATIENCE_MS,
  });
  if (heard.kind === 'no answer') {
    return {
      ok: false,
      code: 'SERVICE_AWAY',
      sentence: `${service.name} does not answer (${heard.reason}): it may have been done or not. Look, and try it again when the service is back.`,
    };
  }
  if (heard.status < 300) return { ok: true, code: null, sentence: act.done };
  return refusalOf(service.name, heard);
}

function checked(
  act: Act,
  params: Params,
  reason: string | undefined,
  services: readonly AskedService[],
): AskedService {
  const lacks = act.params.filter((param) => !isUsable(params[param]));
  if (act.needsReason && reason === undefined) lacks.push('a reason');
  if (lacks.length > 0) throw missing(act, lacks);
  const { service: name }: ActRequest = act.request(params, reason);
  const service = services.find((one) => one.name === name);
  if (service === undefined)
    throw missing(act, [`a service that there is (${services.map((one) => one.name).join(', ')})`]);
  return service;
}

/** A step up or none in a path would lead to another address of the service. */
const isUsable = (value: string | undefined): boolean => value !== undefined && !/^\.{0,2}$/.test(value);

/** The service's own words: problem details, RFC 9457. */
function refusalOf(service: string, { status, body }: { readonly status: number; readonly body: unknown }): ActResult {
  const { title, detail, code } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const said = [title, detail].filter((part): part is string => typeof part === 'string');
  const sentence = said.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`)).join(' ');
  return {
    ok: false,
    code: typeof code === 'string' ? code : `HTTP_${status}`,
    sentence: sentence === '' ? `${service} answered ${status}.` : sentence,
  };
}
