/**
 * The list that a saga was opened from: its address, and its sagas in the order in which they stood. `Esc` leads back to it, `j` and
 * `k` to the next one. It lives as long as the tab.
 */
export interface RememberedList {
  readonly address: string;
  readonly orderIds: readonly string[];
}

let remembered: RememberedList | null = null;

export const rememberList = (list: RememberedList): void => {
  remembered = list;
};

export const rememberedList = (): RememberedList | null => remembered;

/** The saga so many places after this one in the list that it came from; null at its ends, or when it is in none. */
export function neighbour(orderId: string, step: 1 | -1): string | null {
  const at = remembered?.orderIds.indexOf(orderId) ?? -1;
  return at < 0 ? null : (remembered?.orderIds[at + step] ?? null);
}
