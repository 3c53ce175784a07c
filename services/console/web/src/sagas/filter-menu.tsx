import { useQuery as useAsked } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import type { ServicesView } from '../../../src/contract/services.ts';
import { Button, get } from '../parts/index.ts';
import type { FilterName, Filters } from './filters.ts';

type Choose = (name: FilterName, value: string | null) => void;

const CHOICES: readonly {
  readonly name: FilterName;
  readonly title: string;
  readonly values: readonly (readonly [string, string])[];
}[] = [
  {
    name: 'state',
    title: 'State',
    values: [
      ['stuck', 'stuck'],
      ['attention', 'waits for a person'],
      ['running', 'moving'],
      ['done', 'ended'],
    ],
  },
  {
    name: 'outcome',
    title: 'Outcome',
    values: [
      ['confirmed', 'confirmed'],
      ['cancelled', 'cancelled'],
    ],
  },
  {
    name: 'style',
    title: 'Style',
    values: [
      ['choreographed', 'choreographed'],
      ['orchestrated', 'orchestrated'],
    ],
  },
  {
    name: 'since',
    title: 'Placed within',
    values: [
      ['5m', '5 min'],
      ['1h', '1 h'],
      ['6h', '6 h'],
      ['1d', '1 day'],
    ],
  },
  {
    name: 'older',
    title: 'Stands so for longer than',
    values: [
      ['10s', '10 s'],
      ['30s', '30 s'],
      ['5m', '5 min'],
      ['1h', '1 h'],
    ],
  },
];

/** Every filter there is. A choice takes effect at once; chosen once more, it is taken away. */
export function FilterMenu(props: {
  readonly filters: Filters;
  readonly onChoose: Choose;
  readonly onClose: () => void;
}) {
  const { filters, onChoose, onClose } = props;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector('button')?.focus();
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Element && event.target.closest('.fm-w') === null) onClose();
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [onClose]);
  const services = useAsked({
    queryKey: ['services'],
    queryFn: ({ signal }) => get<ServicesView>('/api/services', signal),
    retry: false,
  });
  const names = services.data?.services.map(({ name }) => name) ?? [];
  return (
    <div ref={box} className="fm" role="group" aria-label="Filters">
      {CHOICES.map(({ name, title, values }) => (
        <Choice
          key={name}
          title={title}
          values={values}
          chosen={filters[name]}
          choose={(value) => onChoose(name, value)}
        />
      ))}
      {names.length > 0 && (
        <Choice
          title="Service that owes the next step"
          values={names.map((name) => [name, name])}
          chosen={filters.service}
          choose={(value) => onChoose('service', value)}
        />
      )}
      <Typed name="total" title="Total, from..to" hint="20..2000" filters={filters} onChoose={onChoose} />
      <Typed name="sku" title="SKU" hint="SKU-001" filters={filters} onChoose={onChoose} />
      <Typed name="customer" title="Customer" hint="c-1187" filters={filters} onChoose={onChoose} />
      <div className="fm-f">
        <Button onClick={onClose}>Done</Button>
      </div>
    </div>
  );
}

function Choice(props: {
  readonly title: string;
  readonly values: readonly (readonly [string, string])[];
  readonly chosen: string | undefined;
  readonly choose: (value: string | null) => void;
}) {
  return (
    <Row title={props.title}>
      {props.values.map(([value, label]) => {
        const on = props.chosen === value;
        return (
          <button
            key={value}
            type="button"
            className="opt"
            aria-pressed={on}
            onClick={() => props.choose(on ? null : value)}
          >
            {label}
          </button>
        );
      })}
    </Row>
  );
}

function Typed(props: {
  readonly name: FilterName;
  readonly title: string;
  readonly hint: string;
  readonly filters: Filters;
  readonly onChoose: Choose;
}) {
  const { name, title, hint, filters, onChoose } = props;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = String(new FormData(event.currentTarget).get('value') ?? '').trim();
    onChoose(name, value === '' ? null : value);
  };
  return (
    <Row title={title}>
      <form onSubmit={submit}>
        <input
          key={filters[name]}
          name="value"
          aria-label={title}
          placeholder={hint}
          defaultValue={filters[name] ?? ''}
          autoComplete="off"
          spellCheck={false}
          onBlur={(event) => event.currentTarget.form?.requestSubmit()}
        />
      </form>
    </Row>
  );
}

function Row({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className="fm-r">
      <legend>{title}</legend>
      <div>{children}</div>
    </fieldset>
  );
}
