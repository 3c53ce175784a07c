/** A request that the console's server refused, or did not answer. Its message is a sentence for a person. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  /** 0: there was no answer. */
  readonly status: number;
  readonly code: string;
  readonly traceId: string | null;

  constructor(
    message: string,
    { status, code, traceId = null }: { status: number; code: string; traceId?: string | null },
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.traceId = traceId;
  }
}

const NO_ANSWER_MS = 20_000;

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => request<T>(path, { signal: signal ?? null });

/** A POST carries an `Idempotency-Key`: sent twice, it takes effect once. */
export const post = <T>(path: string, body: unknown, key: string = crypto.randomUUID()): Promise<T> =>
  request<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });

async function request<T>(path: string, init: RequestInit): Promise<T> {
  const late = AbortSignal.timeout(NO_ANSWER_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, late]) : late;
  const answer = await fetch(path, { ...init, signal }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new ApiError("No answer from the console's server. See whether it runs: npm start.", {
      status: 0,
      code: 'NO_ANSWER',
    });
  });
  const body = await parsed(answer);
  if (!answer.ok) throw problem(answer, body);
  return body as T;
}

async function parsed(answer: Response): Promise<unknown> {
  const text = await answer.text();
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    const where = new URL(answer.url).pathname;
    throw new ApiError(`${where} answered ${answer.status} with what is no JSON.`, {
      status: answer.status,
      code: 'NO_JSON',
    });
  }
}

/** RFC 9457: the title says what, the detail what to do. */
function problem(answer: Response, body: unknown): ApiError {
  const { title, detail, code, traceId } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const said = [title, detail].filter((part) => typeof part === 'string').map(ended);
  const sentence = said.length > 0 ? said.join(' ') : `The console's server answered ${answer.status}.`;
  return new ApiError(sentence, {
    status: answer.status,
    code: typeof code === 'string' ? code : `HTTP_${answer.status}`,
    traceId: typeof traceId === 'string' ? traceId : null,
  });
}

const ended = (sentence: string): string => (/[.!?”]$/.test(sentence) ? sentence : `${sentence}.`);

/** What to show of anything that was thrown. */
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
