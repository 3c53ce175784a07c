/** How often a refused compensation is tried again by itself. */
const AUTOMATIC_RETRIES = 5;

/**
 * How long to wait before a compensation that the outside has refused is tried again by itself, in milliseconds: twice as
 * long after each refusal. Undefined when it was refused too often: then a person must act.
 *
 * @param refusals so far, the latest included
 */
export function compensationDelay(refusals: number, firstMs: number): number | undefined {
  return refusals > AUTOMATIC_RETRIES ? undefined : firstMs * 2 ** (refusals - 1);
}
