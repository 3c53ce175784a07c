import type { ReactNode } from 'react';
import type { ServiceView } from '../../../src/contract/services.ts';
import { Icon, ServiceBadge, serviceHue } from '../parts/index.ts';
import { Circuits } from './circuits.tsx';
import { Details } from './details.tsx';
import { Instances } from './instances.tsx';
import { Lag } from './lag.tsx';
import { Memory } from './memory.tsx';
import { Outbox, Relay } from './outbox.tsx';
import { Readiness } from './readiness.tsx';

/** One service in a row; opened, with all that is known of it. */
export function Service(props: {
  readonly service: ServiceView;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}) {
  const { service, isOpen, onOpen } = props;
  const look = `${service.standing === 'away' ? 'bad' : ''} ${isOpen ? 'open' : ''}`;
  return (
    <li className={`sv ${look}`} {...serviceHue(service.name)}>
      <div className="sv-n">
        <button type="button" className="sv-b" aria-expanded={isOpen} onClick={onOpen} title={service.doc}>
          <ServiceBadge name={service.name} />
          <Icon name={isOpen ? 'up' : 'down'} />
        </button>
      </div>
      <Cell label="Instances">
        <Instances instances={service.instances} />
      </Cell>
      <Cell label="Readiness" look="sv-r">
        <Readiness service={service} />
      </Cell>
      <Cell label="In the outbox" look="sv-o">
        <Outbox outbox={service.outbox} />
      </Cell>
      <Cell label="Relay">
        <Relay relay={service.relay} />
      </Cell>
      <Cell label="Behind, by topic" look="sv-l">
        <Lag lag={service.lag} />
      </Cell>
      <Cell label="Circuits" look="sv-ci">
        <Circuits circuits={service.circuits} />
      </Cell>
      <Cell label="Memory">
        <Memory service={service} />
      </Cell>
      {isOpen && <Details service={service} />}
    </li>
  );
}

function Cell(props: { readonly label: string; readonly look?: string; readonly children: ReactNode }) {
  return (
    <div className={`sv-c ${props.look ?? ''}`}>
      <h2>{props.label}</h2>
      {props.children}
    </div>
  );
}
