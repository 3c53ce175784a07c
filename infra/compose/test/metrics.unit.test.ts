import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { measureProcess, metrics } from '@troupe/chassis/internal';
import { definitionOf, serviceNames } from '@troupe/services';
import { parse } from 'yaml';
import { folder } from './files.ts';
import { readingsOf } from './promql.ts';

interface Panel {
  readonly title: string;
  readonly description?: string;
  readonly targets?: readonly { readonly expr: string }[];
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const dashboards = readdirSync(new URL('grafana/dashboards/', folder)).map((file) => ({
  file,
  ...(JSON.parse(read(`grafana/dashboards/${file}`)) as { uid: string; title: string; panels: readonly Panel[] }),
}));
const panels = dashboards.flatMap(({ title, panels }) => panels.map((panel) => ({ ...panel, of: title })));
const { groups } = parse(read('prometheus/rules.yml')) as { groups: readonly { rules: readonly Rule[] }[] };
const rules = groups.flatMap(({ rules }) => rules);
const expressions = [
  ...panels.flatMap(({ of, title, targets = [] }) => targets.map(({ expr }) => [`${of}, ${title}`, expr] as const)),
  ...rules.map(({ alert, expr }) => [`alert ${alert}`, expr] as const),
];

/** What Prometheus itself adds to each sample, and `le` of a histogram. */
const ADDED = ['job', 'instance', 'service', 'le'];

/** What a service answers at /metrics, and the labels of each metric there. */
let exported: string;
const labelsOf = new Map<string, readonly string[]>();
beforeAll(async () => {
  await Promise.all([...serviceNames.map(definitionOf), import('@troupe/console')]);
  measureProcess('any');
  exported = await metrics.metrics();
  for (const { name, labelNames } of metrics.getMetricsAsArray() as unknown as readonly Exported[]) {
    labelsOf.set(name, labelNames);
  }
});
interface Exported {
  readonly name: string;
  readonly labelNames: readonly string[];
}

/** A histogram has three series. */
function exportedName(metric: string): string {
  const histogram = /^(.*)_(bucket|sum|count)$/.exec(metric)?.[1];
  return histogram !== undefined && exported.includes(`# TYPE ${histogram} histogram\n`) ? histogram : metric;
}

describe('dashboards and alerts', () => {
  it.each(expressions)('%s: reads what the services export, by labels that it has', (_, expression) => {
    const readings = readingsOf(expression);
    expect(readings.length).toBeGreaterThan(0);
    for (const { metric, labels } of readings.filter(({ metric }) => metric !== 'up')) {
      const name = exportedName(metric);
      expect(exported).toContain(`# TYPE ${name} `);
      expect([...ADDED, ...(labelsOf.get(name) ?? [])]).toEqual(expect.arrayContaining([...labels]));
    }
  });

  it('a metric, a label or a sentence that is wrong does not pass', () => {
    expect(() => readingsOf('sum by (service (up))')).toThrow('This is no PromQL');
    expect(readingsOf('rate(troupe_nothing_total{by="me"}[$__rate_interval])')).toEqual([
      { metric: 'troupe_nothing_total', labels: ['by'] },
    ]);
    expect(exported).not.toContain('# TYPE troupe_nothing_total ');
    expect(labelsOf.get('troupe_sagas_stuck')).toEqual(['at']);
  });

  it('each panel says what it shows', () => {
    const silent = panels.filter(({ targets, description }) => targets !== undefined && !description);
    expect(silent.map(({ title }) => title)).toEqual([]);
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
  });

  it('Grafana finds Prometheus and the dashboards where they are put', () => {
    const { datasources } = parse(read('grafana/provisioning/datasources/prometheus.yaml'));
    const { providers } = parse(read('grafana/provisioning/dashboards/troupe.yaml'));
    const { services } = parse(read('metrics.yaml'));
    expect(datasources).toEqual([expect.objectContaining({ uid: 'prometheus', url: 'http://prometheus:9090' })]);
    for (const { file } of dashboards)
      expect(read(`grafana/dashboards/${file}`)).not.toMatch(/"uid": "(?!prometheus|troupe-)/);
    const mounted = `./grafana/dashboards:${providers[0].options.path}:ro`;
    expect(services.grafana.volumes).toContain(mounted);
    expect(services.grafana.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(
      `${providers[0].options.path}/orders.json`,
    );
  });

  it('each alert says what it means and what to do, and leads to a part of a page that there is', () => {
    for (const { alert, annotations } of rules) {
      expect([alert, annotations.summary, annotations.remedy]).not.toContain(undefined);
      const [, page, part] = /(docs\/\w+\.md)#([\w-]+)/.exec(annotations.remedy ?? '') ?? [];
      if (page === undefined) continue;
      const headings = [...read(`../../${page}`).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchor(heading));
      expect(headings).toContain(part);
    }
  });

  it('all that docs/operations.md says to alert on has an alert', () => {
    const named = [...read('../../docs/operations.md').matchAll(/[Aa]lert on[^\n.]*/g)].flatMap(([line]) =>
      [...line.matchAll(/`(troupe_\w+)/g)].map(([, metric]) => metric),
    );
    const alerted = rules.flatMap(({ expr }) => readingsOf(expr).map(({ metric }) => metric));
    expect(named.length).toBeGreaterThan(4);
    expect(alerted).toEqual(expect.arrayContaining(named));
  });
});

/** As GitHub makes it. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
