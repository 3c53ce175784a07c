import type { IncomingMessage } from 'node:http';
import { HttpProblem } from './problem.ts';

const VISIBLE = /^[\x21-\x7e]{1,64}$/;
/** What the header of a name must be like. */
const message = 'must be 1 to 64 visible ASCII characters, without spaces, and be sent once';

/**
 * On whose behalf a request acts. The one place that answers this: tokens will replace the header here, and nothing
 * else will change.
 *
 * @throws HttpProblem 400 when the header is not 1 to 64 visible ASCII characters.
 */
export function actingCustomer(request: IncomingMessage): string {
  const customer = request.headers['x-customer-id'] ?? 'demo';
  if (isName(customer)) return customer;
  throw new HttpProblem({
    status: 400,
    code: 'INVALID_CUSTOMER',
    title: 'The acting customer is not acceptable',
    detail: `The header X-Customer-Id ${message}.`,
    faults: [{ field: 'header X-Customer-Id', message }],
  });
}

/**
 * Who acts as an operator, for the audit trail. An act without a name is refused: nobody could be asked about it later.
 *
 * @throws HttpProblem 400 when the header is missing, or is not 1 to 64 visible ASCII characters.
 */
export function actingOperator(request: IncomingMessage): string {
  const operator = request.headers['x-operator'];
  if (isName(operator)) return operator;
  throw new HttpProblem({
    status: 400,
    code: 'INVALID_OPERATOR',
    title: 'The acting operator is not acceptable',
    detail: `Say who you are, for the audit trail: the header X-Operator ${message}.`,
    faults: [{ field: 'header X-Operator', message }],
  });
}

const isName = (header: string | string[] | undefined): header is string =>
  typeof header === 'string' && VISIBLE.test(header);
