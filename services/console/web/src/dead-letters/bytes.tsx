import type { DeadLetterDetail } from '../../../src/contract/work.ts';
import { bytePairs, CopyButton, Hex, PanelPart, bytes as sized } from '../parts/index.ts';

/** The bytes as they came. */
export function Bytes({ detail: { hex, bytes, brokenAt } }: { readonly detail: DeadLetterDetail }) {
  if (bytePairs(hex).length === 0)
    return (
      <PanelPart title="Bytes">
        <p className="tx2">The record has no value.</p>
      </PanelPart>
    );
  return (
    <PanelPart
      title="Bytes"
      count={
        <>
          {brokenAt === null ? sized(bytes) : `decodes up to byte ${brokenAt} of ${bytes}`}{' '}
          <CopyButton text={bytePairs(hex).join('')} name="the bytes in hex" />
        </>
      }
    >
      <Hex hex={hex} brokenAt={brokenAt} />
    </PanelPart>
  );
}
