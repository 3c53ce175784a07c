import { describe, expect, it } from '@jest/globals';
import { check, impactOf, theChoreography } from '@troupe/choreography';
import { StartError } from '@troupe/embedded';
import { checkLines } from '../src/choreography/check-lines.ts';
import { impactLines, impactMarkdown } from '../src/choreography/impact-lines.ts';
import { mapLines } from '../src/choreography/map-lines.ts';
import { storyLines } from '../src/choreography/story-lines.ts';
import { coloured, plain } from '../src/terminal/paint.ts';

const map = await theChoreography();
const pen = { map, paint: plain };
const faultsOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error instanceof StartError ? error.faults : error;
  }
  return 'nothing was thrown';
};

describe('npm run choreography', () => {
  it('shows what each service hears and says, and by when', () => {
    const lines = mapLines(pen, 'choreographed');
    expect(lines).toContain('payment  Charges each new order, and gives the money back when a later step fails.');
    expect(lines).toContain('  PaymentCompleted  InventoryReserved, InventoryFailed  10 s');
    expect(lines).toContain('  PaymentCompleted   is undone by PaymentRefunded of payment');
    expect(lines).toContain('  OrderConfirmed  well; order says it on ShipmentScheduled');
    expect(lines.join('\n')).not.toContain('ChargeOrder');
  });

  it('shows the rows of an orchestrated saga, and its steps with what undoes them, when it is asked for that style', () => {
    const lines = mapLines(pen, 'orchestrated').join('\n');
    expect(lines).toMatch(
      /^ {2}command ChargeOrder +PaymentApprovalRequired, asks Charge, sets ApprovalExpiry +20 s$/m,
    );
    expect(lines).toMatch(/^ {2}charge payment +payment: ChargeOrder +30 s +payment: RefundOrder$/m);
    expect(lines).toMatch(/^ {2}PaymentCompleted +the orchestrator goes on from the step that it is at$/m);
    expect(lines).not.toContain('command PlaceOrder ');
  });

  it('is at most 120 columns wide', () => {
    for (const line of mapLines(pen, 'both')) expect(line.length).toBeLessThanOrEqual(120);
  });

  it('shows what follows from an event as a tree, each message once, with the sum of the deadlines', () => {
    const lines = storyLines(pen, ['ShipmentFailed'], 'choreographed');
    const tree = lines.slice(lines.indexOf('What follows from it') + 1, lines.indexOf('What leads to it') - 1);
    expect(tree.slice(0, 9)).toEqual([
      'ShipmentFailed',
      '├─ order only takes note',
      '└─ inventory within 10 s',
      '   └─ InventoryReleased',
      '      └─ payment within 30 s, 40 s in all',
      '         ├─ PaymentFailed',
      '         │  └─ order within 10 s, 50 s in all',
      '         │     └─ OrderCancelled (the saga ends without success)',
      '         │        ├─ payment within 30 s, 80 s in all',
    ]);
    const opened = tree.filter((line) => line.includes('─ OrderCancelled') && !line.includes('↑'));
    expect(opened).toHaveLength(1);
  });

  it('shows what leads to an event, back to what somebody outside asks', () => {
    const lines = storyLines(pen, ['PaymentCompleted'], 'choreographed');
    expect(lines.slice(lines.indexOf('What leads to it') + 1)).toEqual([
      'PaymentCompleted',
      '└─ payment hears answer to Charge',
      '   ├─ payment hears OrderCreated within 20 s',
      '   │  └─ order hears command PlaceOrder',
      '   └─ payment hears command DecideApproval within 20 s',
      '',
    ]);
  });

  it('follows the calls of an orchestrator to its participants', () => {
    const lines = storyLines(pen, ['ReserveStock'], 'orchestrated');
    expect(lines).toContain('├─ inventory, asked over HTTP: command ReserveItems');
  });

  it.each(['payment', 'Charge', 'OrderDeadline', 'PlaceOrder', 'paymentfailed'])('knows the name %s', (name) => {
    expect(storyLines(pen, [name], 'choreographed').length).toBeGreaterThan(5);
  });

  it('suggests the nearest when it does not know a name', () => {
    expect(faultsOf(() => storyLines(pen, ['PaymentFaled'], 'choreographed'))).toEqual([
      'Nothing in the choreography is called "PaymentFaled". Did you mean PaymentFailed? npm run choreography prints all names.',
    ]);
  });

  it('uses colours in a terminal only', () => {
    expect(mapLines({ map, paint: coloured }, 'choreographed').join('\n')).toContain('\x1b[');
    expect(mapLines(pen, 'choreographed').join('\n')).not.toContain('\x1b[');
  });

  it('says what is to be mended, and what is allowed and why', () => {
    const lines = checkLines(check(map), plain);
    expect(lines.at(-1)).toBe('✔ The choreography has no fault; 5 findings are allowed, for the reasons above.');
    expect(checkLines(check(map, []), plain).at(-1)).toBe('5 faults, 0 allowed findings.');
  });
});

describe('npm run choreography -- --since', () => {
  const before = {
    ...map,
    events: map.events.filter(({ name }) => name !== 'ShipmentCancelFailed'),
    services: map.services.map((service) => ({
      ...service,
      rows: service.rows.map((row) =>
        row.hears.name === 'PaymentCompleted' && row.service === 'inventory' ? { ...row, withinMs: 5_000 } : row,
      ),
    })),
  };
  const impact = impactOf(before, map);

  it('tells what has changed, whom it concerns, and which sagas meet it', () => {
    expect(impactLines(impact, 'main', plain)).toEqual([
      'Since main',
      '  + event    ShipmentCancelFailed                         of shipping',
      '  ~ row      inventory: PaymentCompleted (choreographed)  within 5 s → 10 s',
      '',
      'Services concerned  inventory, shipping',
      '',
      'Sagas in flight that could meet both versions',
      '  inventory: PaymentCompleted (choreographed)',
      '    begun, and behind OrderCreated, PaymentCompleted',
      '    It was begun under the old row, and inventory acts on PaymentCompleted by the new one.',
    ]);
    expect(impactLines(impactOf(map, map), 'main', plain)).toEqual(['The choreography is the same as at main.']);
  });

  it('tells it in Markdown for a pull request', () => {
    expect(impactMarkdown(impact, 'main')).toEqual([
      '### What this changes in the choreography',
      '',
      'Since `main`. Services concerned: **inventory**, **shipping**.',
      '',
      '| | of | place | |',
      '|---|---|---|---|',
      '| added | event | `ShipmentCancelFailed` | of shipping |',
      '| changed | row | `inventory: PaymentCompleted (choreographed)` | within 5 s → 10 s |',
      '',
      '### Sagas in flight that could meet both versions',
      '',
      '- `inventory: PaymentCompleted (choreographed)`: It was begun under the old row, and inventory acts on PaymentCompleted by the new one. Begun, and behind `OrderCreated`, `PaymentCompleted`.',
    ]);
  });
});
