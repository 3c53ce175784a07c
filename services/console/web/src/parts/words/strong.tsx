/** What stands between ** and ** is bold; all else is text, whatever it contains. */
export function Strong({ text }: { readonly text: string }) {
  return text.split('**').map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the sentence.
      <b key={at}>{part}</b>
    ) : (
      part
    ),
  );
}

/** The same sentence without marks, for titles and names. */
export const plain = (text: string): string => text.replaceAll('**', '');
