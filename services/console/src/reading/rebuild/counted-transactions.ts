import type { Sql } from '@troupe/chassis';
import type { Transactions } from '@troupe/chassis/internal';

/** Counts transactions and the statements that are sent in them; BEGIN and COMMIT are not counted. */
export class CountedTransactions implements Transactions {
  readonly #from: Transactions;
  transactions = 0;
  statements = 0;

  constructor(from: Transactions) {
    this.#from = from;
  }

  $transaction: Transactions['$transaction'] = (work, options) => {
    this.transactions += 1;
    return this.#from.$transaction((tx) => work(this.#counting(tx)), options);
  };

  #counting(tx: Sql): Sql {
    return {
      ...(tx.pipelines !== undefined && { pipelines: tx.pipelines }),
      complete: () => tx.complete?.(),
      giveUp: (error) => tx.giveUp?.(error),
      $queryRawUnsafe: (text, ...values) => {
        this.statements += 1;
        return tx.$queryRawUnsafe(text, ...values);
      },
      $executeRawUnsafe: (text, ...values) => {
        this.statements += 1;
        return tx.$executeRawUnsafe(text, ...values);
      },
    };
  }
}
