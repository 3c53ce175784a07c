const HEADING = '## The flow';
const BLOCK = /(?<=\n## The flow\n\n```mermaid\n)[^`]*(?=\n```\n)/;

/**
 * The README with this diagram in its section "The flow".
 *
 * @throws Error when that section does not begin with a diagram
 */
export function readmeWith(readme: string, mermaid: string): string {
  if (BLOCK.test(readme)) return readme.replace(BLOCK, () => mermaid);
  throw new Error(
    `README.md has no diagram below "${HEADING}". Put a block of \`\`\`mermaid there; this command fills it.`,
  );
}
