import type { Check } from '../check.ts';

/** Orchestrated sagas. */
export const sagas: readonly Check[] = [
  {
    name: 'sagas.failed-is-undone',
    rule: 'In a failed saga every step that was done, or may have been, is compensated, and no other.',
    sql: `SELECT s.saga_id::text AS id, 'step ' || t.name || ' is ' || t.status || ', its compensation ' || coalesce(t.compensation, 'missing') AS what
          FROM saga s JOIN saga_step t USING (saga_id)
          WHERE s.status = 'FAILED' AND t.status IN ('DONE', 'UNKNOWN') <> coalesce(t.compensation IN ('DONE', 'RESOLVED'), false)`,
  },
  {
    name: 'sagas.completed-is-done',
    rule: 'In a completed saga every step is done, and none is compensated.',
    sql: `SELECT s.saga_id::text AS id, 'step ' || t.name || ' is ' || t.status || coalesce(', its compensation ' || t.compensation, '') AS what
          FROM saga s JOIN saga_step t USING (saga_id)
          WHERE s.status = 'COMPLETED' AND (t.status <> 'DONE' OR t.compensation IS NOT NULL)`,
  },
  {
    name: 'sagas.agree-with-orders',
    rule: 'A saga and its order have the same end.',
    sql: `SELECT id, 'order ' || status || ', saga ' || saga AS what FROM settled
          WHERE saga <> ALL (CASE status WHEN 'CONFIRMED' THEN ARRAY['COMPLETED'] WHEN 'CANCELLED' THEN ARRAY['FAILED']
                                         ELSE ARRAY['COMPENSATION_FAILED'] END)`,
  },
];
