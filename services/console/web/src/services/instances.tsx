import type { InstanceView } from '../../../src/contract/services.ts';
import { Ago, Mark, Moment } from '../parts/index.ts';

export function Instances({ instances }: { readonly instances: readonly InstanceView[] }) {
  if (instances.length === 0) return <span className="tx3">none is known</span>;
  return (
    <ul className="lines">
      {instances.map((instance) => (
        <li key={instance.id} title={instance.host ?? undefined}>
          <Mark kind={instance.endedAt === null ? 'done' : 'away'} size={14} />
          <span className="mono">{instance.id}</span>
          <Since instance={instance} />
        </li>
      ))}
    </ul>
  );
}

function Since({ instance: { upSince, endedAt } }: { readonly instance: InstanceView }) {
  if (endedAt !== null)
    return (
      <span className="alarm-t">
        ended <Moment at={endedAt} />
      </span>
    );
  if (upSince === null) return <span className="tx3">runs</span>;
  return (
    <span className="tx3">
      up <Ago at={upSince} />
    </span>
  );
}
