/**
 * That a column of a table equals a value of a batch: the condition of a join of the two, in SQL. The rows of the table are looked
 * up by an index, however many PostgreSQL took there to be when it planned the statement.
 *
 * For a plain `=`, with a table that was empty at that time, it reads the whole table once, and the batch once more for each of
 * its rows: the cheapest way beside none, kept until statistics are taken again, and a backlog comes before that. `= ANY` is
 * not a condition whose order a plan can use, so there is no such way.
 */
export const byKey = (column: string, value: string): string => `${column} = ANY (ARRAY[${value}])`;
