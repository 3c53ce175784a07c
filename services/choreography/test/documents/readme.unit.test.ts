import { describe, expect, it } from '@jest/globals';
import { readmeWith } from '../../src/documents/readme.ts';

const README =
  '# Shop\n\n## The flow\n\n```mermaid\nflowchart LR\n  a --> b\n```\n\nSolid lines.\n\n```mermaid\nother\n```\n';

describe('the diagram of the README', () => {
  it('is the first block below "The flow", and nothing else changes', () => {
    expect(readmeWith(README, 'flowchart LR\n  a --> $&')).toBe(README.replace('a --> b', () => 'a --> $&'));
  });

  it('must have its place', () => {
    const without = README.replace('## The flow', '## The way');
    expect(() => readmeWith(without, 'flowchart LR')).toThrow(
      'README.md has no diagram below "## The flow". Put a block of ```mermaid there; this command fills it.',
    );
  });
});
