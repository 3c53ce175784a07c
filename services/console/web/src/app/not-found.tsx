import { useLocation } from 'wouter';
import { Empty, LinkButton, useTitle } from '../parts/index.ts';

export function NotFound() {
  const [path] = useLocation();
  useTitle('Not found');
  return (
    <Empty
      level={1}
      title={
        <>
          There is nothing at <span className="mono">{path}</span>
        </>
      }
      text="The address is none of the console's. An order is found by its id, its customer, its trace, an event or a SKU: press /."
    >
      <LinkButton href="/sagas">All sagas</LinkButton>
      <LinkButton look="quiet" href="/map">
        The map
      </LinkButton>
    </Empty>
  );
}
