import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { count, Empty, Failed, Loading, Strip, Trail, useQuery, useTitle } from '../parts/index.ts';
import { useLab, useStories } from './data.ts';
import { DrawnSaga } from './drawn-saga.tsx';
import { Lab } from './lab.tsx';
import { OrderForm } from './order-form.tsx';
import { Stories } from './stories.tsx';
import './try.css';

/** Place an order by its story and watch its saga draw itself. What is drawn is part of the address. */
export default function Try() {
  useTitle('Try');
  const [query, change] = useQuery();
  const stories = useStories();
  const lab = useLab();
  const drawing = useRef<HTMLElement>(null);
  const order = query.get('order');
  useEffect(() => {
    // Beside the stories it is in sight already; below them it is not.
    const top = drawing.current?.getBoundingClientRect().top ?? 0;
    if (order !== null && top > innerHeight / 2) drawing.current?.scrollIntoView();
  }, [order]);
  const story = stories.data?.find(({ id }) => id === query.get('story')) ?? stories.data?.[0];
  const twin = query.get('twin');
  const placed = Number(query.get('placed') ?? 0);
  const shownLab = lab.data?.available ? lab.data : null;
  return (
    <div className="try">
      <div className="s-head">
        <h1>Try</h1>
        <ul className="facts">
          <li>place an order and watch its saga draw itself</li>
        </ul>
      </div>
      <div className={`stage try-g ${shownLab ? 'with-lab' : ''}`}>
        <section className="try-l" aria-label="Place an order">
          <header className="try-h">
            <h2>Choose a story</h2>
          </header>
          {stories.error ? (
            <Failed error={stories.error} onRetry={() => void stories.refetch()} />
          ) : story === undefined || stories.data === undefined ? (
            <Loading what="the stories" />
          ) : (
            <>
              <Stories
                stories={stories.data}
                chosen={story.id}
                onChoose={(id) => change({ story: id }, { replace: true })}
              />
              <OrderForm
                story={story}
                onPlaced={(made) =>
                  change({
                    story: made.story,
                    order: made.order,
                    twin: made.twin,
                    placed: made.count > 2 ? String(made.count) : null,
                  })
                }
              />
            </>
          )}
        </section>
        <section className="try-m" ref={drawing} aria-label="The saga draws itself">
          {placed > 0 && (
            <div className="try-many">
              <Strip mark="running">
                <b>{count(placed)} orders are placed.</b> One of them is drawn here;{' '}
                <Link href="/sagas?since=5m">watch all of them in the list</Link> or <Link href="/map">on the map</Link>
                .
              </Strip>
            </div>
          )}
          {order === null ? (
            <Empty
              above={story && <Trail there={story.there} back={story.back} />}
              title="Nothing is placed yet"
              text="Choose a story and place its order. Its saga draws itself here, step by step, as the services answer."
            />
          ) : (
            <>
              <DrawnSaga key={order} orderId={order} title={twin === null ? null : 'choreographed'} />
              {twin !== null && <DrawnSaga key={twin} orderId={twin} title="the same, orchestrated" />}
            </>
          )}
        </section>
        {shownLab && <Lab lab={shownLab} />}
      </div>
    </div>
  );
}
