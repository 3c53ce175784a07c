const MAX_STATEMENTS = 200;
const UNNAMED = '';

/**
 * Names prepared statements, so that PostgreSQL parses each text once for a connection. Bounded: texts that a query
 * builder makes ever new ones of are sent unnamed.
 */
export function statementNames(): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    if (!names.has(sql) && names.size < MAX_STATEMENTS) names.set(sql, `troupe_${names.size}`);
    return names.get(sql) ?? UNNAMED;
  };
}
