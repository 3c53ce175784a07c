import { night } from './fixture/answers.ts';
import { list } from './fixture/list.ts';
import { type Answers, standIn } from './stand-in.ts';

// `node --no-warnings services/console/test/pages/stand-in-main.ts`: to look at the screens of a night without a stack. Single sagas have
// the names of web/fixtures/sagas.ts: `/sagas/compensated`.
const everything: Answers = { api: { ...night.api, ...list.api }, live: { ...night.live, ...list.live } };
const port = Number(process.env.PORT ?? 3900);
standIn(() => everything).listen(port, () => console.log(`http://127.0.0.1:${port}`));
