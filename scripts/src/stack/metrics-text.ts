/** The value of a metric in the text of `GET /metrics`, which has no labels but the service's. @throws Error when it is missing. */
export function metricIn(text: string, name: string): number {
  const [value] = samplesOf(text, name);
  if (value === undefined) throw new Error(`There is no ${name} among the metrics.`);
  return value;
}

/** How many requests a service has answered on routes with this beginning. */
export function requestsIn(text: string, route: string): number {
  return samplesOf(text, 'http_server_request_duration_seconds_count', `route="${route}`).reduce(
    (sum, n) => sum + n,
    0,
  );
}

function samplesOf(text: string, name: string, label = ''): number[] {
  return text
    .split('\n')
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(label))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
}
