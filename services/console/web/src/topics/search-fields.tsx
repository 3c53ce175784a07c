import { useState } from 'react';
import type { TopicsView } from '../../../src/contract/topics.ts';
import { Button, FilterChip, useQuery } from '../parts/index.ts';
import { FILTER_WORDS, FILTERS, type Filter, type FilterName } from './filters.ts';

/** Which topics, and what is searched for in them. A filter is set with Enter, and stands in the address from then on. */
export function SearchFields(props: {
  readonly view: TopicsView;
  readonly topics: readonly string[];
  readonly filter: Filter;
  readonly tail: boolean;
}) {
  const { view, topics, filter, tail } = props;
  const [, setQuery] = useQuery();
  const toggle = (name: string) => {
    const next = topics.includes(name) ? topics.filter((one) => one !== name) : [...topics, name];
    setQuery({ topic: next.length === 0 ? name : next.join(','), view: 'records', record: null });
  };
  return (
    <div className="rc-f">
      <div className="rc-t" role="group" aria-label="Topics">
        {view.topics.map(({ name }) => (
          <Button key={name} look="toggle mono" aria-pressed={topics.includes(name)} onClick={() => toggle(name)}>
            {name}
          </Button>
        ))}
      </div>
      <div className="rc-q">
        <Field
          key={JSON.stringify(filter)}
          onSet={(name, value) => setQuery({ [name]: value, view: 'records', record: null })}
          events={[...new Set(view.topics.flatMap(({ events }) => events.map(({ name }) => name)))].sort()}
        />
        {FILTERS.map((name) => {
          const value = filter[name];
          return value === undefined ? null : (
            <FilterChip key={name} name={name} value={value} onRemove={() => setQuery({ [name]: null })} />
          );
        })}
        <span className="spacer" />
        <Button
          icon={tail ? 'pause' : 'play'}
          look={tail ? 'on' : ''}
          aria-pressed={tail}
          onClick={() => setQuery({ tail: tail ? null : '1', view: 'records' })}
        >
          {tail ? 'Following' : 'Follow live'}
        </Button>
      </div>
    </div>
  );
}

function Field(props: {
  readonly onSet: (name: FilterName, value: string) => void;
  readonly events: readonly string[];
}) {
  const { onSet, events } = props;
  const [name, setName] = useState<FilterName>('key');
  const [text, setText] = useState('');
  const { hint } = FILTER_WORDS[name];
  return (
    <form
      className="rc-s1"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onSet(name, text.trim());
      }}
    >
      <select
        aria-label="Search by"
        value={name}
        onChange={(event) => {
          setName(event.target.value as FilterName);
          setText('');
        }}
      >
        {FILTERS.map((one) => (
          <option key={one} value={one}>
            {FILTER_WORDS[one].label}
          </option>
        ))}
      </select>
      <input
        type="search"
        aria-label={`${FILTER_WORDS[name].label} to search for`}
        placeholder={hint}
        value={text}
        list={name === 'type' ? 'rc-events' : undefined}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
      {name === 'type' && (
        <datalist id="rc-events">
          {events.map((event) => (
            <option key={event} value={event} />
          ))}
        </datalist>
      )}
      <Button icon="search" type="submit">
        Search
      </Button>
    </form>
  );
}
