const UUID = /^([0-9a-f]{8})-[0-9a-f-]{14}-([0-9a-f]{12})$/i;
const TRACE_PARENT = /^(00-[0-9a-f]{8})[0-9a-f]{24}-[0-9a-f]{12}([0-9a-f]{4}-[0-9a-f]{2})$/i;

/** Ids that nobody reads whole: their two ends. Everything else is left as it is. */
export function shortened(text: string): string {
  const uuid = UUID.exec(text);
  if (uuid !== null) {
    return `${uuid[1]}-…-${uuid[2]}`;
  }
  const parent = TRACE_PARENT.exec(text);
  return parent === null ? text : `${parent[1]}…${parent[2]}`;
}
