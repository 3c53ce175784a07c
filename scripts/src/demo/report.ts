import type { Paint } from '../terminal/paint.ts';
import { table } from '../terminal/table.ts';
import type { Accepted, Shop } from './shop.ts';
import { isGood, type StoryResult } from './story-result.ts';

/** Right below a story: that it went well, or what was expected and what was seen. */
export function verdict(result: StoryResult, paint: Paint): string[] {
  const time = `${(result.ms / 1000).toFixed(1)} s`;
  if (isGood(result)) return [`  ${paint('✔', 'green')} as it must be ${paint(`(${time})`, 'dim')}`];
  const wrong = result.checks.filter(({ ok }) => !ok);
  return [
    `  ${paint('✗', 'red')} not as it must be ${paint(`(${time})`, 'dim')}`,
    ...(result.failure === undefined ? [] : [`      ${result.failure}`]),
    ...wrong.map(({ what, expected, seen }) => `      ${what}: expected ${expected}, seen ${seen}`),
  ];
}

/** All stories side by side. */
export function overview(all: readonly StoryResult[]): string[] {
  const seen = (result: StoryResult, what: string): string =>
    result.checks.find((check) => check.what === what)?.seen ?? '';
  const orchestrated = all.some((result) => seen(result, 'saga') !== '');
  const columns = ['order', 'payment', 'stock', 'shipment', 'customer told', ...(orchestrated ? ['saga'] : [])];
  const rows = all.map((result) => [
    isGood(result) ? '✔' : '✗',
    result.name,
    ...columns.map((what) => seen(result, what)),
    `${(result.ms / 1000).toFixed(1)} s`,
  ]);
  const singles = rows.filter((_, index) => !isMany(all[index]));
  return [
    ...(singles.length > 0 ? table(['', 'story', ...columns, 'time'], singles) : []),
    ...all.filter(isMany).flatMap(many),
  ];
}

const isMany = (result: StoryResult | undefined): boolean =>
  result !== undefined && !result.checks.some(({ what }) => what === 'order');

/** A story of many orders has counts instead of one outcome. */
function many(result: StoryResult): string[] {
  const head = `${isGood(result) ? '✔' : '✗'}  ${result.name}: ${result.title} (${(result.ms / 1000).toFixed(1)} s)`;
  return ['', head, ...result.checks.map(({ what, seen }) => `     ${seen.padStart(12)}  ${what}`)];
}

/** How each order can be looked at now. */
export function howToFollow(all: readonly StoryResult[], shop: Shop): string[] {
  const orders = all.flatMap(({ name, orders }) => orders.map((order) => [name, order] as const));
  if (orders.length === 0) return [];
  return ['Follow any of them:', ...orders.flatMap(([name, order]) => ways(name, order, shop))];
}

function ways(name: string, { orderId, traceId, links }: Accepted, shop: Shop): string[] {
  return [
    `  ${name}: order ${orderId}, trace ${traceId}`,
    `    curl -s ${shop.address('order')}${links.history}`,
    ...(links.saga === undefined ? [] : [`    curl -s ${shop.address('order')}${links.saga}`]),
    `    npm run watch -- --order ${orderId}`,
    ...(links.console === undefined ? [] : [`    ${links.console}`]),
    ...(links.trace === undefined ? [] : [`    ${links.trace}`]),
  ];
}
