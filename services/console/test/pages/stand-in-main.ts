import { night } from './fixture/answers.ts';
import { standIn } from './stand-in.ts';

// `node --no-warnings services/console/test/pages/stand-in-main.ts`: to look at the screens of a night without a stack.
const port = Number(process.env.PORT ?? 3900);
standIn(() => night).listen(port, () => console.log(`http://127.0.0.1:${port}`));
