import { SCARCE } from '@troupe/simulation/shop';

/** The id of every order. Two orders need no two: nothing of them but the stock of a product is ever looked at together. */
export const ORDER = '019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b';

/** The product that is ordered. */
export const SKU = SCARCE;
