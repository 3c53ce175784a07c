/** Longer than the files of the page take; shorter than anybody would wait. */
const WAIT_MS = 500;

/** Resolves when text can be measured as it will be drawn, and in any case soon. */
export async function fontsLoaded(): Promise<void> {
  const wanted = ['600 12px "Inter Variable"', '400 12px "JetBrains Mono Variable"'];
  const loaded = Promise.all(wanted.map((font) => document.fonts.load(font))).catch(() => undefined);
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, WAIT_MS))]);
}
