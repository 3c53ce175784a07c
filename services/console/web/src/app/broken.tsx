import { Component, type ReactNode } from 'react';
import { Button, Empty, LinkButton, sentenceOf } from '../parts/index.ts';

/** A mistake of one screen leaves the others: it says what broke, and how to go on. */
export class Broken extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div role="alert">
        <Empty
          level={1}
          title="This screen broke"
          text="A mistake of the page, not of a saga. Load it again; where that does not help, the message below belongs in an issue."
          below={<code>{sentenceOf(error)}</code>}
        >
          <Button icon="redo" onClick={() => location.reload()}>
            Load it again
          </Button>
          <LinkButton look="quiet" href="/sagas">
            All sagas
          </LinkButton>
        </Empty>
      </div>
    );
  }
}
