/** Where the order service listens on a stack that `npm start` has started. */
const ORDERS = 'localhost:3001/orders';

/** The command that places the same order from a shell, short lines for a narrow pane. */
export function curlOf(body: unknown): string {
  const json = JSON.stringify(body).replaceAll('[{', '[{\n    ').replaceAll('],', '],\n    ');
  return `curl ${ORDERS} \\\n  --json '${json.replaceAll("'", String.raw`'\''`)}'`;
}
