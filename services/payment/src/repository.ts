import { oneRow, type Repository } from '@troupe/chassis';
import type { Prisma, PrismaClient } from '@troupe/payment-database';
import type { Payment } from './payment.ts';

type Tx = Prisma.TransactionClient;

/** Each order has one row: its payment. */
export const payments = oneRow<Payment>('payment', (payment) => payment.orderId);

/** A payment as it is stored: a field that its state does not have is NULL, and the table's constraints say so too. */
type Stored = { [Name in keyof Fields]: Fields[Name] | null };
type Fields = Omit<UnionOf<Payment>, 'status'> & { readonly status: Payment['status'] };
type UnionOf<State> = { [Name in State extends unknown ? keyof State : never]: ValueOf<State, Name> };
type ValueOf<State, Name extends PropertyKey> = State extends { readonly [N in Name]?: infer Value } ? Value : never;
