import { z } from 'zod';

/** A body that is described by a type of the contract, which both the server and its page are held to. */
export const described = (type: string): z.ZodType =>
  z.unknown().describe(`${type}, as services/console/src/contract has it`);
