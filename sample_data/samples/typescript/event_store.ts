type CartEvent =
  | { type: 'added'; sku: string; quantity: number; cents: number }
  | { type: 'removed'; sku: string }
  | { type: 'couponApplied'; code: string; percent: number }
  | { type: 'checkedOut'; at: string };

interface Line {
  quantity: number;
  cents: number;
}

interface Cart {
  lines: ReadonlyMap<string, Line>;
  percentOff: number;
  closed: boolean;
}

export const emptyCart: Cart = { lines: new Map(), percentOff: 0, closed: false };

export function apply(cart: Cart, event: CartEvent): Cart {
  if (cart.closed) throw new Error(`cart is closed, cannot apply ${event.type}`);
  switch (event.type) {
    case 'added': {
      const lines = new Map(cart.lines);
      const before = lines.get(event.sku)?.quantity ?? 0;
      lines.set(event.sku, { quantity: before + event.quantity, cents: event.cents });
      return { ...cart, lines };
    }
    case 'removed': {
      const lines = new Map(cart.lines);
      lines.delete(event.sku);
      return { ...cart, lines };
    }
    case 'couponApplied':
      return { ...cart, percentOff: Math.max(cart.percentOff, event.percent) };
    case 'checkedOut':
      return { ...cart, closed: true };
  }
}

export const replay = (events: readonly CartEvent[]): Cart => events.reduce(apply, emptyCart);

export function total(cart: Cart): number {
  let sum = 0;
  for (const line of cart.lines.values()) sum += line.quantity * line.cents;
  return Math.round((sum * (100 - cart.percentOff)) / 100);
}
