import { type ReactNode, useState } from 'react';
import type { LabSwitch, LabView } from '../../../src/contract/work.ts';
import { Button, counted, ServiceBadge, Strip, sentenceOf } from '../parts/index.ts';
import { send, setSwitch } from './data.ts';

const GROUPS = ['Stop a service', 'Hold something up'] as const satisfies readonly LabSwitch['group'][];

/** Faults to put there and take away again. Only on a stack that `npm start` has started on this machine. */
export function Lab({ lab }: { readonly lab: LabView }) {
  const [error, setError] = useState<unknown>(null);
  const on = lab.switches.filter((one) => one.on);
  const attempt = async (act: () => Promise<void>) => {
    setError(null);
    await act().catch(setError);
  };
  return (
    <section className="try-r" aria-label="Lab">
      <header className="try-h">
        <h2>Lab</h2>
        <span className="tx2">break it, watch it heal</span>
      </header>
      <div className="lab-s" role="status">
        <LabState on={on} />
        {error !== null && (
          <Strip tone="alarm" mark="away">
            {sentenceOf(error)}
          </Strip>
        )}
      </div>
      {GROUPS.map((group) => (
        <Group key={group} title={group}>
          {lab.switches
            .filter((one) => one.group === group)
            .map((one) => (
              <FaultSwitch key={one.id} fault={one} onChange={(value) => attempt(() => setSwitch(one.id, value))} />
            ))}
        </Group>
      ))}
      <Group title="Send something wrong">
        {lab.sends.map((one) => (
          <SendRow key={one.id} {...one} onSend={() => attempt(() => send(one.id))} />
        ))}
      </Group>
      <footer className="lab-f">
        <Button
          disabled={on.length === 0}
          onClick={() =>
            attempt(async () => {
              for (const { id } of on) await setSwitch(id, false);
            })
          }
        >
          All switches off
        </Button>
        <p>Only on a stack that npm start has started on this machine. Each switch is written down under Attention.</p>
      </footer>
    </section>
  );
}

function LabState({ on }: { readonly on: readonly LabSwitch[] }) {
  if (on.length > 0)
    return (
      <Strip tone="alarm" mark="away">
        <b>{counted(on.length, 'fault is', 'faults are')} there:</b> {on.map(nameOf).join(', ')}. Place an order and
        watch where it stands still.
      </Strip>
    );
  return (
    <Strip mark="expected">
      <b>Everything runs.</b> Stop inventory and place an order: it waits, and the console says for whom, since when,
      and what helps.
    </Strip>
  );
}

const nameOf = ({ group, title }: LabSwitch): string => (group === 'Stop a service' ? `${title} is stopped` : title);

function FaultSwitch({
  fault,
  onChange,
}: {
  readonly fault: LabSwitch;
  readonly onChange: (on: boolean) => Promise<void>;
}) {
  const [busy, setBusy] = useState(false);
  const stops = fault.group === 'Stop a service';
  const change = async (value: boolean) => {
    setBusy(true);
    await onChange(value);
    setBusy(false);
  };
  return (
    <label className="sw-l">
      <span className="sw-n">
        {stops ? <ServiceBadge name={fault.title} /> : <b>{fault.title}</b>}
        {!stops && <small>{fault.text}</small>}
      </span>
      {(stops || busy) && <span className="tx3">{busy ? 'under way' : fault.on ? 'stopped' : 'runs'}</span>}
      <input
        type="checkbox"
        role="switch"
        className="switch bad"
        aria-label={stops ? `Stop ${fault.title}` : fault.title}
        checked={fault.on}
        aria-checked={fault.on}
        disabled={busy}
        onChange={(event) => void change(event.target.checked)}
      />
    </label>
  );
}

function SendRow(props: LabView['sends'][number] & { readonly onSend: () => Promise<void> }) {
  const [state, setState] = useState<'idle' | 'busy' | 'sent'>('idle');
  const act = async () => {
    setState('busy');
    await props.onSend();
    setState('sent');
  };
  return (
    <div className="snd">
      <span className="sw-n">
        <b>{props.title}</b>
        <small>{props.text}</small>
      </span>
      <Button disabled={state === 'busy'} onClick={act}>
        {state === 'sent' ? `${props.label} again` : props.label}
      </Button>
    </div>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="lab-g">
      <h3>{title}</h3>
      {children}
    </div>
  );
}
