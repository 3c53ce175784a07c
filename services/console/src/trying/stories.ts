import type { TrailMark } from '../contract/saga.ts';
import type { StoryView } from '../contract/work.ts';

// The products and tokens that the sandboxes know: SKU-098 is above the limit of approval, SKU-099 is out of stock, SKU-100 is
// not carried.

const body = (sku: string, paymentToken = 'tok_ok') => ({ items: [{ sku, quantity: 1 }], paymentToken });

/** `order done` and the like. */
const trail = (...marks: readonly string[]): readonly TrailMark[] =>
  marks.map((mark) => {
    const [service = '', state = ''] = mark.split(' ');
    return { service, state: state as TrailMark['state'] };
  });

/** Orders that show what a saga does, each with the trail that it will draw. */
export const STORIES: readonly StoryView[] = [
  {
    id: 'happy',
    title: 'All goes well',
    text: '1 × SKU-001, tok_ok. Paid, reserved, shipped, confirmed.',
    body: body('SKU-001'),
    there: trail('order done', 'payment done', 'inventory done', 'shipping done', 'order done'),
    back: [],
  },
  {
    id: 'declined',
    title: 'The card is declined',
    text: '1 × SKU-001, tok_declined. Ends before anything is taken.',
    body: body('SKU-001', 'tok_declined'),
    there: trail('order undone', 'payment refused'),
    back: trail('order undo-done'),
  },
  {
    id: 'out-of-stock',
    title: 'Out of stock',
    text: '1 × SKU-099, tok_ok. The money goes back.',
    body: body('SKU-099'),
    there: trail('order undone', 'payment undone', 'inventory refused'),
    back: trail('payment undo-done', 'order undo-done'),
  },
  {
    id: 'carrier-refuses',
    title: 'The carrier refuses',
    text: '1 × SKU-100, tok_ok. Stock and money go back.',
    body: body('SKU-100'),
    there: trail('order undone', 'payment undone', 'inventory undone', 'shipping refused'),
    back: trail('inventory undo-done', 'payment undo-done', 'order undo-done'),
  },
  {
    id: 'approval',
    title: 'A person must approve',
    text: '1 × SKU-098, $1,499.00. You decide.',
    body: body('SKU-098'),
    there: trail('order done', 'payment person', 'inventory expected', 'shipping expected', 'order expected'),
    back: [],
  },
  {
    id: 'refund-fails',
    title: 'The refund fails',
    text: '1 × SKU-099, tok_refund_fails. Refused twice, then it works.',
    body: body('SKU-099', 'tok_refund_fails'),
    there: trail('order undone', 'payment done', 'inventory refused'),
    back: trail('payment undo-failed', 'order undo-done'),
  },
];
