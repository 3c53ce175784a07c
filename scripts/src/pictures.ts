import path from 'node:path';
import { projectHome } from '@troupe/embedded';
import { openBrowser } from './pictures/browser.ts';
import { eveningOf, nightOf } from './pictures/orders.ts';
import { type Picture, picturesOfEvening, picturesOfNight } from './pictures/pictures.ts';
import { withOwnStack } from './stack/own-stack.ts';
import { interruption, reporter, runCommand } from './terminal/command.ts';
import { readOptions } from './terminal/options.ts';

const USAGE = `Usage: npm run pictures

Makes the pictures of the README and of docs/console.md from the console itself, light and dark, and writes them to
docs/pictures. It starts a stack of its own, on free ports and with a new data folder, lets orders end well and badly, stops
inventory, and looks at each screen with a real browser. It takes about two minutes.

  --help   this text`;

await runCommand(async () => {
  readOptions(USAGE, {});
  const report = reporter();
  const signal = interruption(report);
  await withOwnStack({ report, signal, console: true, serviceEnv: { ORDER_DEADLINE_MS: '300000' } }, async (stack) => {
    const browser = await openBrowser();
    const take = async (pictures: readonly Picture[]): Promise<void> => {
      for (const picture of pictures) {
        const files = await picture.take(browser, stack.addresses.consoleUrl);
        for (const file of files) report.note(`  ${path.relative(projectHome, file)}`);
      }
    };
    try {
      await take(picturesOfEvening(await report.step('Orders', () => eveningOf(stack, signal))));
      await take(picturesOfNight(await report.step('Orders without inventory', () => nightOf(stack, signal))));
    } finally {
      await browser.close();
    }
  });
});
