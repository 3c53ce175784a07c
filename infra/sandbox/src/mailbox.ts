import { Mailbox, mailboxRoutes } from './messages.ts';
import { log } from './server/log.ts';
import { portOf, run } from './server/process.ts';
import { SmtpCatcher } from './smtp-catcher.ts';

await run('mailbox', 3026, async ({ dataDir, host }) => {
  const mailbox = await Mailbox.open(dataDir);
  const smtp = await SmtpCatcher.listen({ host, port: portOf('SMTP_PORT', 3025) }, mailbox);
  log('info', 'SMTP is ready', { smtp: smtp.url });
  return {
    routes: mailboxRoutes(mailbox),
    close: async () => {
      await smtp.close();
      await mailbox.close();
    },
  };
});
