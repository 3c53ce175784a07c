import type { IncomingMessage } from 'node:http';
import { wrongPart } from './answer/problem.ts';

/** Who a request acts for, and how /openapi.json describes where that stands. Given by the service. */
export interface ActorSource {
  /** @throws HttpProblem when the request does not say it in an acceptable way. */
  actorOf(request: IncomingMessage): string;
  /** A parameter of OpenAPI; undefined when the request need not say it. */
  readonly parameter?: Readonly<Record<string, unknown>>;
}

/** For a service that does not tell its clients apart. */
export const ANYBODY: ActorSource = { actorOf: () => 'anybody' };

const VISIBLE = '^[\\x21-\\x7e]{1,64}$';
const visible = new RegExp(VISIBLE);
const message = 'must be 1 to 64 visible ASCII characters, without spaces, and be sent once';

interface NameHeader {
  /** As people write it: `X-Operator`. */
  readonly header: string;
  /** What the actor is, in one word: `operator`. The code of a refusal is `INVALID_OPERATOR`. */
  readonly who: string;
  /** Of the header, in /openapi.json. */
  readonly description: string;
  /** Who acts when the header is missing. Absent: the request is refused. */
  readonly otherwise?: string;
  /** What a refusal says first: why the header is needed. */
  readonly because?: string;
}

/** Takes the actor from a header, which is believed. A header that is not 1 to 64 visible ASCII characters is refused: 400. */
export function actorInHeader({ header, who, description, otherwise, because = '' }: NameHeader): ActorSource {
  const name = header.toLowerCase();
  return {
    actorOf(request) {
      const actor = request.headers[name] ?? otherwise;
      if (typeof actor === 'string' && visible.test(actor)) return actor;
      const title = `The acting ${who} is not acceptable`;
      const code = `INVALID_${who.toUpperCase()}`;
      throw wrongPart({ status: 400, code, title, field: `header ${header}`, message, because });
    },
    parameter: {
      name: header,
      in: 'header',
      required: otherwise === undefined,
      description,
      schema: { type: 'string', pattern: VISIBLE, ...(otherwise !== undefined && { default: otherwise }) },
    },
  };
}

/** Who acts as an operator, for the audit trail. An act without a name is refused: nobody could be asked about it later. */
export const operators: Required<ActorSource> = actorInHeader({
  header: 'X-Operator',
  who: 'operator',
  description: 'Who acts, for the audit trail.',
  because: 'Say who you are, for the audit trail',
}) as Required<ActorSource>;
