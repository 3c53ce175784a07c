import { peerPackage } from '../packages.ts';

interface Nodemailer {
  createTransport(options: object): { sendMail(mail: object): Promise<unknown> };
}

/** Sends mails over connections that are kept. */
export function mailer(smtpUrl: string): (orderId: string, subject: string) => Promise<void> {
  const { hostname, port } = new URL(smtpUrl);
  const transport = peerPackage<Nodemailer>('nodemailer').createTransport({
    host: hostname,
    port: Number(port),
    secure: false,
    ignoreTLS: true,
    pool: true,
    maxConnections: 16,
    maxMessages: Number.POSITIVE_INFINITY,
  });
  return async (orderId, subject) => {
    await transport.sendMail({
      from: 'orders@peer.example',
      to: 'customer@peer.example',
      subject,
      text: `Your order ${orderId}: ${subject}.`,
      headers: { 'X-Order-Id': orderId },
    });
  };
}
