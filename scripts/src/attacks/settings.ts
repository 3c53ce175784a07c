/**
 * Settings of the services of a stack that is attacked. No order may end because of the clock, so that each shows whether it
 * was lost. What waits for a time waits for a short one.
 */
export const ATTACKED = {
  ORDER_DEADLINE_MS: '3600000',
  APPROVAL_TIMEOUT_MS: '3000',
  REFUND_RETRY_MS: '200',
  CANCEL_RETRY_MS: '200',
  LOG_LEVEL: 'warn',
};
