const MAX_STATEMENTS = 200;
const UNNAMED = '';

/** Names statements, so that a connection parses each text once. Bounded: a query builder makes ever new ones. */
export function statementNames(): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    if (!names.has(sql) && names.size < MAX_STATEMENTS) names.set(sql, `troupe_${names.size}`);
    return names.get(sql) ?? UNNAMED;
  };
}
