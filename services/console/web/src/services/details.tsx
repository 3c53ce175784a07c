import type { LagView, ServiceView } from '../../../src/contract/services.ts';
import { count, LinkButton, Moment } from '../parts/index.ts';
import { isLeft, membersWords } from './lag.tsx';

/** What the row has no room for: since when, each partition, and what the last failures said. */
export function Details({ service }: { readonly service: ServiceView }) {
  const { name, doc, since, standing, lag, circuits } = service;
  const failures = circuits.filter(({ lastError }) => lastError !== null);
  return (
    <section className="sv-d" aria-label={`${name} whole`}>
      <div className="sv-do">
        <p>{doc}</p>
        <p className="tx3">
          {standing} since <Moment at={since} />
        </p>
        {failures.map(({ name: circuit, lastError }) => (
          <p key={circuit}>
            <span className="tx3">{circuit}: </span>
            {lastError}
          </p>
        ))}
        <div className="btns-g">
          <LinkButton href={`/sagas?service=${encodeURIComponent(name)}`}>Sagas that wait for it</LinkButton>
          <LinkButton href={`/topics?topic=${encodeURIComponent(`${name}.events`)}`}>Its records</LinkButton>
          <LinkButton href={`/dead-letters?service=${encodeURIComponent(name)}`}>Its dead letters</LinkButton>
        </div>
      </div>
      {lag.map((topic) => (
        <Partitions key={topic.topic} lag={topic} />
      ))}
    </section>
  );
}

function Partitions({ lag }: { readonly lag: LagView }) {
  return (
    <table className="parts">
      <caption>
        <span className="mono">{lag.topic}</span>
        <span className={isLeft(lag) ? 'alarm-t' : 'tx3'}>{membersWords(lag)}</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">partition</th>
          <th scope="col">read up to</th>
          <th scope="col">end</th>
          <th scope="col">behind</th>
        </tr>
      </thead>
      <tbody>
        {lag.partitions.map(({ partition, committed, end, behind }) => (
          <tr key={partition}>
            <td>{partition}</td>
            <td>{committed}</td>
            <td>{end}</td>
            <td className={behind > 0 && lag.members === 0 ? 'alarm-t' : ''}>{count(behind)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
