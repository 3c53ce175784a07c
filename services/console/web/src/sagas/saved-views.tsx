import { useState } from 'react';
import { Link } from 'wouter';
import { Button, Dialog, Icon, useKept } from '../parts/index.ts';
import { dropView, type SavedView, saveView, views } from './views.ts';

/** "All", then the views of this browser. The one whose address this is can be taken away. */
export function SavedViews({ query }: { readonly query: string }) {
  const saved = useKept(views);
  return (
    <nav className="savedv" aria-label="Saved views">
      <Link href="/sagas" aria-current={query === '' ? 'true' : undefined}>
        All
      </Link>
      {saved.map((view) => (
        <SavedLink key={view.name} view={view} current={view.query === query} />
      ))}
    </nav>
  );
}

function SavedLink({ view, current }: { readonly view: SavedView; readonly current: boolean }) {
  return (
    <span className="sv">
      <Link href={`/sagas?${view.query}`} aria-current={current ? 'true' : undefined} title={`/sagas?${view.query}`}>
        {view.name}
      </Link>
      {current && (
        <button
          type="button"
          aria-label={`Forget the view ${view.name}`}
          title="Forget"
          onClick={() => dropView(view.name)}
        >
          <Icon name="x" />
        </button>
      )}
    </span>
  );
}

/** Gives the address a name. Nothing to save without a filter. */
export function SaveView({ query }: { readonly query: string }) {
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const saved = useKept(views);
  if (query === '' || saved.some((view) => view.query === query)) return null;
  const save = () => {
    saveView({ name: name.trim(), query });
    setNaming(false);
    setName('');
  };
  const foot = (
    <>
      <Button look="big" onClick={() => setNaming(false)}>
        Leave it
      </Button>
      <Button look="primary big" disabled={name.trim() === ''} onClick={save}>
        Save view
      </Button>
    </>
  );
  return (
    <>
      <Button icon="save" look="wide-only" onClick={() => setNaming(true)}>
        Save view
      </Button>
      {naming && (
        <Dialog title="Save this view" onClose={() => setNaming(false)} foot={foot}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (name.trim() !== '') save();
            }}
          >
            <label className="field">
              <span>Name</span>
              <input autoFocus value={name} maxLength={40} onChange={(event) => setName(event.target.value)} />
              <small>
                It stands for <span className="mono">/sagas?{query}</span>, in this browser.
              </small>
            </label>
          </form>
        </Dialog>
      )}
    </>
  );
}
