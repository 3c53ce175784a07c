/**
 * SQL: a column equals a value of a batch, in a join of the two. The rows are looked up by an index, however many there
 * were when the statement was planned.
 *
 * A plan for a plain `=` that was made for an empty table reads the whole table for each batch until statistics are
 * taken again, and a backlog comes before that. `= ANY` leaves no such way.
 */
export const byKey = (column: string, value: string): string => `${column} = ANY (ARRAY[${value}])`;
