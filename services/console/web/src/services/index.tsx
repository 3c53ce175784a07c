import { useQuery as useAnswer } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ServicesView, ServiceView, Standing } from '../../../src/contract/services.ts';
import { count, Failed, Finding, get, Loading, useKeys, useLive, useQuery, useTitle } from '../parts/index.ts';
import { Around } from './around.tsx';
import { Service } from './service.tsx';
import './services.css';

/** How every service stands, the broken first, and what is around them. `?open=inventory` shows one whole. */
export default function Services() {
  useTitle('Services');
  const live = useLive('services');
  const asked = useAnswer({
    queryKey: ['services'],
    queryFn: ({ signal }) => get<ServicesView>('/api/services', signal),
    enabled: live === undefined,
  });
  const view = live ?? asked.data;
  return (
    <div className="services">
      <header className="s-head">
        <h1>Services</h1>
        {view && <Standings services={view.services} />}
        <span className="spacer" />
        {view && <span className="pos wide-only">every figure is at most 2 s old</span>}
      </header>
      {view === undefined && asked.isError && <Failed error={asked.error} onRetry={() => void asked.refetch()} />}
      {view === undefined && !asked.isError && <Loading what="the services" lines={8} />}
      {view && <Whole view={view} />}
    </div>
  );
}

function Whole({ view: { services, around, alarm } }: { readonly view: ServicesView }) {
  const [query, setQuery] = useQuery();
  const chosen = query.get('open');
  const list = useRef<HTMLUListElement>(null);
  const open = (name: string | null) => setQuery({ open: name });
  const step = (by: number) => {
    const at = services.findIndex(({ name }) => name === chosen);
    const next = services[Math.min(Math.max(at + by, 0), services.length - 1)];
    if (next) setQuery({ open: next.name }, { replace: true });
  };
  useKeys('Services', [
    { key: 'ArrowDown', shown: ['↓'], says: 'next service', run: () => step(1) },
    { key: 'ArrowUp', shown: ['↑'], says: 'service before', run: () => step(-1) },
    { key: 'Escape', shown: ['Esc'], says: 'close what is open', run: () => chosen !== null && open(null) },
  ]);
  useEffect(() => {
    if (chosen === null) return;
    list.current?.querySelector('.sv.open')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <>
      {alarm && <Finding tone="alarm" mark={{ kind: 'overdue', label: 'to be looked at' }} {...alarm} />}
      <div className="pane">
        <ul className="svs" ref={list}>
          <li className="svs-h" aria-hidden="true">
            {HEADS.map((head) => (
              <span key={head}>{head}</span>
            ))}
          </li>
          {services.map((service) => (
            <Service
              key={service.name}
              service={service}
              isOpen={service.name === chosen}
              onOpen={() => open(service.name === chosen ? null : service.name)}
            />
          ))}
        </ul>
      </div>
      <Around around={around} />
    </>
  );
}

/** Of the columns. A phone shows them beside each figure. */
const HEADS = ['Service', 'Instances', 'Readiness', 'In the outbox', 'Relay', 'Behind, by topic', 'Circuits', 'Memory'];

const WORDS: Readonly<Record<Standing, string>> = { away: 'not running', 'not ready': 'not ready', ready: 'ready' };

function Standings({ services }: { readonly services: readonly ServiceView[] }) {
  const standings = (Object.keys(WORDS) as Standing[]).map((standing) => ({
    standing,
    many: services.filter((service) => service.standing === standing).length,
  }));
  return (
    <ul className="facts">
      {standings
        .filter(({ many }) => many > 0)
        .map(({ standing, many }) => (
          <li key={standing}>
            {standing === 'away' ? (
              <b className="alarm-t">{`${count(many)} ${WORDS[standing]}`}</b>
            ) : (
              `${count(many)} ${WORDS[standing]}`
            )}
          </li>
        ))}
    </ul>
  );
}
